using Pipeline.Core.Market;
using Pipeline.Core.Restart;
using Pipeline.Tests.Kafka;

namespace Pipeline.Tests.Restart;

/// <summary>
/// One partition's logs, and what of them would be there had the process been killed: any prefix that the four rules of
/// acknowledgement allow.
/// </summary>
internal sealed class HandedOver
{
    private readonly List<Trade> _trades = [];
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<Trade> Trades => _trades;

    public IEnumerable<Gap> Gaps => _entries.Where(entry => entry.Gap is not null).Select(entry => entry.Gap!.Value);

    public IEnumerable<Candle> Candles => _entries.Where(entry => entry.Candle is not null).Select(entry => entry.Candle!.Value);

    /// <summary>How many trades were handed over before each record of a hole, in order.</summary>
    public IEnumerable<int> PlacesOfGaps => _entries.Where(entry => entry.Gap is not null).Select(entry => entry.Trades);

    public void Take(MarketBatch batch)
    {
        foreach (var happened in batch.Events.Span)
        {
            switch (happened.Kind)
            {
                case MarketEventKind.Trade:
                    _trades.Add(batch.Trades[happened.Index]);
                    break;
                case MarketEventKind.Gap:
                    Add(batch.Gaps[happened.Index]);
                    break;
                case MarketEventKind.Candle when batch.Candles[happened.Index].State != CandleState.Forming:
                    Add(batch.Candles[happened.Index]);
                    break;
            }
        }

        if (batch.IsCheckpoint)
        {
            _entries.Add(new Entry(_trades.Count) { States = batch.States.Span.ToArray(), IsCheckpoint = true });
        }
    }

    public void Add(in Gap gap) => _entries.Add(new Entry(_trades.Count) { Gap = gap });

    public void Add(in Candle candle) => _entries.Add(new Entry(_trades.Count) { Candle = candle });

    /// <summary>Kills: so many trades are in the log, and of what waits for acknowledgements as much as chance allows.</summary>
    public HandedOver Kill(int trades, Random random)
    {
        var killed = new HandedOver();
        killed._trades.AddRange(_trades.Take(trades));

        // A hole that is open keeps back what is behind it, and what is before it goes first.
        var least = _entries.FindLastIndex(entry => entry.IsOpening && entry.Trades < trades);
        least = least < 0 ? -1 : _entries.FindLastIndex(least, entry => entry.IsEnding);
        var most = _entries.FindLastIndex(entry => entry.Trades <= trades);
        var last = Math.Max(least, most - (random.Next(3) == 0 ? 0 : random.Next(0, 40)));
        for (var i = 0; i < _entries.Count; i++)
        {
            var entry = _entries[i];
            if (entry.Trades <= trades && (i <= last || (entry.IsOpening && entry.Trades < trades)))
            {
                killed._entries.Add(entry);
            }
        }

        return killed;
    }

    /// <summary>What a restart makes of it.</summary>
    /// <param name="isMarkerLost">The last marker did not come through, though its states did.</param>
    public RestoredPartition Restore(Core.Candles.CandleOptions options, long now, bool isMarkerLost)
    {
        using var fold = new RestoreFold(0, options);
        var marks = Enumerable.Range(0, _entries.Count).Where(i => _entries[i].IsCheckpoint).ToList();
        var marker = marks.Count > (isMarkerLost ? 1 : 0) ? marks[^(isMarkerLost ? 2 : 1)] : -1;
        foreach (var entry in _entries.Where(entry => entry.States is not null))
        {
            foreach (var state in entry.States!)
            {
                fold.Add(StateCodec.Through(state), entry.Trades, null);
            }
        }

        foreach (var entry in _entries.Skip(marker + 1))
        {
            if (entry.Gap is { } gap)
            {
                fold.Add(gap, entry.Trades);
            }
        }

        foreach (var entry in _entries.Skip(marker + 1))
        {
            if (entry.Candle is { } candle)
            {
                fold.Add(candle);
            }
        }

        for (var offset = marker < 0 ? 0 : _entries[marker].Trades; offset < _trades.Count; offset++)
        {
            // What the log does not say.
            fold.Add(_trades[offset] with { AfterGap = false }, offset);
        }

        return fold.End(now);
    }

    private sealed record Entry(int Trades)
    {
        public Gap? Gap { get; init; }

        public Candle? Candle { get; init; }

        public IReadOnlyList<InstrumentState>? States { get; init; }

        public bool IsCheckpoint { get; init; }

        public bool IsOpening => Gap is { State: GapState.Open };

        public bool IsEnding => Gap is not null && !IsOpening;
    }
}
