using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Tests.Kafka;

namespace Pipeline.Tests.Candles;

/// <summary>
/// Station 5 on virtual time: ticks come when it wants them. Every record is held against what is promised of order: forming never after
/// the final, one final per key, revisions numbered one by one.
/// </summary>
internal sealed class CandleWorld(CandleOptions options, PipelineMetrics metrics)
{
    private readonly VenueClocks _clocks = new();
    private readonly Dictionary<(Instrument, CandleInterval, long), Candle> _last = [];
    private CandleWindows _windows = null!;
    private CandleSettings? _settings;

    public List<Candle> Records { get; } = [];

    public IReadOnlyDictionary<(Instrument, CandleInterval, long), Candle> Last => _last;

    public long Now { get; private set; }

    public CandleWindows Windows => _windows ??= Make(null);

    /// <summary>Gets each batch behind the station, those of its own ticks too.</summary>
    public Action<MarketBatch>? Out { get; init; }

    public static CandleOptions AllOptions => new() { Live = [CandleInterval.Parse("1s"), CandleInterval.Parse("1m"), CandleInterval.Parse("1d")] };

    public void Send(long now, params Trade[] trades) => Send(now, batch =>
    {
        foreach (var trade in trades)
        {
            batch.Add(trade);
        }
    });

    public void Send(long now, Gap gap) => Send(now, batch => batch.Add(gap));

    public void Tell(long now, Instrument instrument, HealthState state, long lastEventTime = 0) =>
        Send(now, batch => batch.Add(new StreamHealth(instrument, "trade", state, "test", "c", now, lastEventTime, now)));

    /// <summary>Lets the time pass, and the ticks come that were asked for.</summary>
    public void RunTo(long now)
    {
        var ticks = 0;
        while (Windows.NextDeadline <= now)
        {
            Assert.True(ticks++ < 1_000_000, "ticks without end");
            Process(new MarketBatch { Now = Math.Max(Now, Windows.NextDeadline) });
        }

        Now = Math.Max(Now, now);
    }

    /// <summary>Another process takes over from what this one left.</summary>
    public void Restart(params Instrument[] instruments)
    {
        var batch = new MarketBatch { Now = Now, IsCheckpoint = true };
        foreach (var instrument in instruments)
        {
            batch.Add(new InstrumentState(instrument));
        }

        Process(batch);
        var states = batch.States.Span.ToArray().ToDictionary(state => state.Instrument, state => StateCodec.Through(state).Candles);
        Restart(instrument => states.GetValueOrDefault(instrument), instruments);
    }

    /// <summary>Another process takes over from what is told of the instruments.</summary>
    public void Restart(Func<Instrument, CandleSeriesState?> restore, params Instrument[] instruments)
    {
        _windows = Make(restore);
        foreach (var instrument in instruments)
        {
            _windows.Begin(instrument);
        }
    }

    public void Send(long now, Action<MarketBatch> fill)
    {
        var batch = new MarketBatch { Now = now };
        fill(batch);
        Take(batch);
    }

    /// <summary>A batch as it comes from station 4.</summary>
    public void Take(MarketBatch batch)
    {
        var now = batch.Now;
        RunTo(now);
        foreach (ref readonly var trade in batch.Trades.Span)
        {
            _clocks.Of(trade.Instrument.Venue).Note(trade.Source == TradeSource.Live ? trade.EventTime : now - 1_000_000, now);
        }

        Process(batch);
    }

    /// <summary>Holds a record against those before it.</summary>
    public void Note(in Candle candle)
    {
        Records.Add(candle);
        var key = (candle.Instrument, candle.Interval, candle.OpenTime);
        var isKnown = _last.TryGetValue(key, out var before);
        var isInOrder = candle.State switch
        {
            CandleState.Forming => !isKnown || before.State == CandleState.Forming,
            CandleState.Final => (!isKnown || before.State == CandleState.Forming) && candle.Revision == 0,
            _ => isKnown && before.State != CandleState.Forming && candle.Revision == before.Revision + 1,
        };
        Assert.True(isInOrder, isInOrder ? "" : $"{candle} after {(isKnown ? before : "nothing")}");

        _last[key] = candle;
    }

    private CandleWindows Make(Func<Instrument, CandleSeriesState?>? restore) =>
        new(_settings ??= new CandleSettings(options), metrics, _clocks, restore);

    private void Process(MarketBatch batch)
    {
        Now = Math.Max(Now, batch.Now);
        Windows.Process(batch);
        foreach (ref readonly var candle in batch.Candles.Span)
        {
            Note(candle);
        }

        Out?.Invoke(batch);
    }
}
