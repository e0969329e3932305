using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Restart;

/// <summary>
/// One partition from its checkpoint to the end of its logs. First what the checkpoint says, then the tails of the holes and of the
/// candles, then that of the trades, each in the log's order; then <see cref="End"/>. An instrument of which the tails tell nothing
/// costs nothing: its state stands.
/// </summary>
/// <remarks>
/// Holds the records of the tails of holes and candles and what the instruments in the tails need; whoever reads bounds the tails.
/// For one thread.
/// </remarks>
public sealed class RestoreFold : IDisposable
{
    private readonly PipelineMetrics _unseen = new(meterName: PipelineMetrics.UnseenMeterName);
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<(Gap Gap, long Offset)> _gaps = new();
    private readonly CandleOptions _options;
    private readonly int _partition;

    public RestoreFold(int partition, CandleOptions options)
    {
        _partition = partition;
        _options = options;
    }

    /// <summary>Trades and prices taken so far, those included that count nothing.</summary>
    public long Taken { get; private set; }

    /// <summary>The newest state of an instrument.</summary>
    /// <param name="tradesOffset">Behind the last trade that it counts; null = before the first that is read.</param>
    /// <param name="pricesOffset">The same of prices.</param>
    public void Add(InstrumentState state, long? tradesOffset, long? pricesOffset)
    {
        ArgumentNullException.ThrowIfNull(state);
        _entries[state.Instrument.Key] = new Entry(state.Instrument, state, tradesOffset ?? 0, pricesOffset ?? 0);
    }

    /// <summary>A record of <c>md.gaps</c> behind the marker.</summary>
    /// <param name="tradesOffset">Its place among the trades; null = before the first that is read.</param>
    public void Add(in Gap gap, long? tradesOffset) => _gaps.Enqueue((gap, tradesOffset ?? 0));

    /// <summary>A record of <c>md.candles</c> behind the marker.</summary>
    public void Add(in Candle candle)
    {
        if (candle.State != CandleState.Forming)
        {
            FoldOf(EntryOf(candle.Instrument)).Note(candle);
        }
    }

    /// <summary>A record of <c>md.trades</c> behind the marker.</summary>
    public void Add(in Trade trade, long offset)
    {
        Taken++;
        NoteGaps(offset);
        var entry = EntryOf(trade.Instrument);
        if (offset >= entry.TradesOffset)
        {
            FoldOf(entry).Take(trade);
        }
    }

    /// <summary>A record of <c>md.prices</c> behind the marker.</summary>
    public void Add(in PriceTick tick, long offset)
    {
        Taken++;
        var entry = EntryOf(tick.Instrument);
        if (offset >= entry.PricesOffset)
        {
            FoldOf(entry).Take(tick);
        }
    }

    /// <param name="now">By the market clock.</param>
    public RestoredPartition End(long now)
    {
        NoteGaps(long.MaxValue);
        var gaps = new List<Gap>();
        var candles = new List<Candle>();
        var states = new Dictionary<string, InstrumentState>(StringComparer.Ordinal);
        foreach (var (key, entry) in _entries)
        {
            states[key] = entry.Fold is { } fold ? fold.End(now, gaps, candles) : entry.State!;
        }

        var folds = _entries.Values.Select(entry => entry.Fold).OfType<InstrumentFold>().ToList();
        return new RestoredPartition(_partition, states, gaps, candles)
        {
            Folded = folds.Sum(fold => fold.Folded),
            Duplicates = folds.Sum(fold => fold.Duplicates),
        };
    }

    public void Dispose() => _unseen.Dispose();

    /// <summary>
    /// Those whose place is at or before the offset. One that lies before an instrument's own offset is in its state already, and would
    /// open a hole anew that was filled since. At the very offset it may be in it or not: then it says nothing that is not so.
    /// </summary>
    private void NoteGaps(long offset)
    {
        while (_gaps.TryPeek(out var head) && head.Offset <= offset)
        {
            _gaps.Dequeue();
            var entry = EntryOf(head.Gap.Instrument);
            if (head.Offset >= entry.TradesOffset)
            {
                FoldOf(entry).Note(head.Gap);
            }
        }
    }

    private Entry EntryOf(Instrument instrument)
    {
        if (!_entries.TryGetValue(instrument.Key, out var entry))
        {
            entry = _entries[instrument.Key] = new Entry(instrument, null, 0, 0);
        }

        return entry;
    }

    private InstrumentFold FoldOf(Entry entry) => entry.Fold ??= new InstrumentFold(entry.Instrument, entry.State, _options, _unseen);

    private sealed class Entry(Instrument instrument, InstrumentState? state, long tradesOffset, long pricesOffset)
    {
        public Instrument Instrument { get; } = instrument;

        public InstrumentState? State { get; } = state;

        public long TradesOffset { get; } = tradesOffset;

        public long PricesOffset { get; } = pricesOffset;

        public InstrumentFold? Fold { get; set; }
    }
}
