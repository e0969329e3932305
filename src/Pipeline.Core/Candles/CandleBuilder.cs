using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// The open window of one instrument and interval. A root takes trades; every other builder takes the closed windows of the
/// <see cref="Finer"/> interval below it, so that longer candles are exact roll-ups and a trade costs the same however many
/// intervals there are.
/// </summary>
internal sealed class CandleBuilder(Instrument instrument, CandleInterval interval, CandleBuilder? finer, bool live, long updateInterval)
{
    private const long Closed = long.MinValue;

    private readonly bool _isOrderedById = instrument.Rules.Trades != IdDiscipline.Unordered;
    private CandleSum _sum;
    private bool _complete;
    private bool _isNew = true;
    private int _updates;

    public CandleInterval Interval { get; } = interval;

    public CandleBuilder? Finer { get; } = finer;

    /// <summary>Whether forming records are published.</summary>
    public bool Live { get; set; } = live;

    /// <summary>Least microseconds between two forming records.</summary>
    public long UpdateInterval { get; set; } = updateInterval;

    /// <summary>Not wanted any more: the window that is open gets its final record, and that is the last one.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Works for longer intervals alone; nothing of it is published.</summary>
    public bool IsSilent { get; set; }

    public long OpenTime { get; private set; } = Closed;

    public bool IsOpen => OpenTime != Closed;

    public long CloseTime => OpenTime + Interval.Microseconds;

    /// <summary>Changed since the last forming record.</summary>
    public bool Dirty { get; set; }

    /// <summary>Waiting in the lane's queue of due forming records.</summary>
    public bool Queued { get; set; }

    /// <summary>When the next forming record may leave at the earliest.</summary>
    public long DueTime { get; private set; } = long.MinValue;

    public bool Holds(long time) => IsOpen && time >= OpenTime && time < CloseTime;

    public void Begin(long time, bool complete)
    {
        OpenTime = Interval.OpenOf(time);
        // Of its first window the beginning was not seen, wherever its series has come to.
        _complete = complete && !_isNew;
        _isNew = false;
        _sum = default;
        _updates = 0;

        // The first change of a window is published at once.
        DueTime = long.MinValue;
    }

    /// <summary>Ends the window and says nothing of it.</summary>
    public void Abandon()
    {
        OpenTime = Closed;
        Dirty = false;
    }

    public void MarkIncomplete() => _complete = false;

    public void Add(in Trade trade) => _sum.Add(trade, _isOrderedById);

    public void Merge(in CandleSum closed) => _sum.Merge(closed);

    /// <summary>Ends the window; <paramref name="sum"/> is what longer intervals take over.</summary>
    public Candle End(long now, out CandleSum sum)
    {
        sum = _sum;
        var candle = MakeCandle(sum, CandleState.Final, now);
        OpenTime = Closed;
        Dirty = false;
        return candle;
    }

    public Candle Form(long now)
    {
        Dirty = false;
        DueTime = now + UpdateInterval;
        return MakeCandle(Current(), CandleState.Forming, now);
    }

    /// <summary>Everything in the window so far: what closed below, and what is still open there.</summary>
    private CandleSum Current()
    {
        var sum = _sum;
        if (Finer is { } finer && finer.IsOpen && finer.OpenTime >= OpenTime && finer.CloseTime <= CloseTime)
        {
            sum.Merge(finer.Current());
        }

        return sum;
    }

    private Candle MakeCandle(in CandleSum sum, CandleState state, long now)
    {
        // Where the venue counts contracts, the sum is of price × contracts; it is turned into money here, not with each trade.
        var isExact = WideNumber.TryMultiply(sum.QuoteVolume, instrument.ContractSize, out var quoteVolume) && !sum.Overflowed;
        return new Candle(
            instrument,
            Interval,
            OpenTime,
            sum.Open,
            sum.High,
            sum.Low,
            sum.Close,
            sum.Volume,
            quoteVolume,
            sum.TakerBuyVolume,
            sum.Trades,
            sum.FirstId,
            sum.LastId,
            state,
            Revision: 0,
            Complete: _complete && isExact,
            Updates: ++_updates,
            sum.Trades == 0 ? CandleSource.Prices : CandleSource.Trades,
            now);
    }
}
