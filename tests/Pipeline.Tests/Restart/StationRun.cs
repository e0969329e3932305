using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Market;
using Pipeline.Core.Restart;
using Pipeline.Core.Sequencing;
using Pipeline.Tests.Sequencing;

namespace Pipeline.Tests.Restart;

/// <summary>
/// Stations 4 and 5 of one process over a made-up venue, from a moment on, on virtual time. What they hand over goes into a
/// <see cref="HandedOver"/>, as the sink would get it.
/// </summary>
internal sealed class StationRun : IDisposable
{
    private const long Millisecond = 1_000;
    private const long CheckpointInterval = 10_000 * Millisecond;

    private readonly PipelineMetrics _metrics = new();
    private readonly FakeRepairs _repairs = new();
    private readonly List<(long Due, RepairRequest Request)> _asked = [];
    private readonly MadeUpVenue _venue;
    private readonly Random _random;
    private readonly Sequencer _sequencer;
    private readonly CandleWindows _windows;
    private readonly HandedOver _out;
    private long _now;
    private long _checkpointDue;

    public StationRun(MadeUpVenue venue, CandleOptions candles, HandedOver handedOver, int seed, RestoredPartition? restored, long start)
    {
        _venue = venue;
        _random = new Random(seed);
        _out = handedOver;
        _now = start;
        _checkpointDue = start + CheckpointInterval;
        _sequencer = new Sequencer(_metrics, repairs: _repairs, restore: instrument => restored?.StateOf(instrument)?.Trades);
        _windows = new CandleWindows(new CandleSettings(candles), _metrics, restore: instrument => restored?.StateOf(instrument)?.Candles);
        foreach (var instrument in venue.Instruments)
        {
            // A probe finds the venue's newest trade to be the one that the log ends with, or not; then the stream is fresh with its first.
            var newest = venue.Trades.LastOrDefault(trade => trade.Instrument == instrument && trade.EventTime <= start);
            var compared = newest.Id > 0 && restored?.StateOf(instrument)?.Trades?.Frontier == newest.Id ? newest.EventTime : 0;
            Process(new MarketBatch { Now = start }, batch => batch.Add(
                new StreamHealth(instrument, "trade", HealthState.Fresh, "probe", "c", start, compared, LastReceivedTime: 0)));
        }
    }

    /// <summary>Takes what the stream brings from the start on up to a time; a part of it is lost on the way.</summary>
    public void Run(long until, double losses)
    {
        var lost = new Dictionary<Instrument, int>();
        var from = _now;
        foreach (var trade in _venue.Trades.Where(trade => trade.EventTime > from && trade.EventTime <= until))
        {
            PassTime(trade.ReceivedTime);
            if (_random.NextDouble() < losses && !_venue.IsFirstOrLast(trade))
            {
                lost[trade.Instrument] = _random.Next(1, 6);
            }

            if (lost.GetValueOrDefault(trade.Instrument) > 0 && !_venue.IsFirstOrLast(trade))
            {
                lost[trade.Instrument]--;
                continue;
            }

            Process(new MarketBatch { Now = trade.ReceivedTime, Connection = "c", Socket = 1, Series = 1, Legs = 1 }, batch => batch.Add(trade));
        }

        PassTime(until);
    }

    public void Dispose() => _metrics.Dispose();

    private void PassTime(long until)
    {
        while (true)
        {
            foreach (var request in _repairs.Requests)
            {
                _asked.RemoveAll(one => one.Request.Instrument == request.Instrument && one.Request.FromId == request.FromId);
                _asked.Add((_now + (_random.Next(20, 3_000) * Millisecond), request));
            }

            _repairs.Requests.Clear();
            var answer = _asked.Count > 0 ? _asked.Min(one => one.Due) : long.MaxValue;
            var next = Math.Min(Math.Min(answer, _checkpointDue), Math.Min(_sequencer.NextDeadline, _windows.NextDeadline));
            if (next > until)
            {
                _now = Math.Max(_now, until);
                return;
            }

            _now = Math.Max(_now, next);
            if (answer <= _now)
            {
                Answer();
                continue;
            }

            Process(new MarketBatch { Now = _now, IsCheckpoint = _checkpointDue <= _now }, _ => { });
        }
    }

    private void Answer()
    {
        var index = _asked.FindIndex(one => one.Due <= _now);
        var request = _asked[index].Request;
        _asked.RemoveAt(index);
        var known = _venue.Trades.Where(trade => trade.Instrument == request.Instrument && trade.EventTime < _now).ToList();
        var above = known.Count > 0 ? known[^1].Id : -1;
        var isDone = request.Missing.Count == 0 || above > request.Missing[^1].Last;
        var batch = new MarketBatch
        {
            Now = _now,
            Repair = new RepairAnswer(
                request.Instrument, request.FromId, Math.Max(-1, above - 1), isDone ? RepairOutcome.Done : RepairOutcome.Retrying),
        };
        Process(batch, into =>
        {
            foreach (var trade in known.Where(trade => request.Missing.Any(range => range.Holds(trade.Id))))
            {
                into.Add(trade with { Source = TradeSource.Repair, ReceivedTime = _now });
            }
        });
        if (!isDone)
        {
            _asked.Add((_now + (1_000 * Millisecond), request));
        }
    }

    private void Process(MarketBatch batch, Action<MarketBatch> fill)
    {
        fill(batch);
        _now = Math.Max(_now, batch.Now);
        if (batch.IsCheckpoint)
        {
            _checkpointDue = _now + CheckpointInterval;
        }

        _sequencer.Process(batch);
        _windows.Process(batch);
        _out.Take(batch);
    }
}
