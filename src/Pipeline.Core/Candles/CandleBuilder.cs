using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// The windows of one instrument and interval: the one that is open, and those closed that may still change. A root takes trades; every
/// other builder takes the closed windows of the <see cref="Finer"/> interval below it, so that longer candles are exact roll-ups and a
/// trade costs the same however many intervals there are.
/// </summary>
internal sealed class CandleBuilder(Instrument instrument, CandleInterval interval, CandleBuilder? finer)
{
    public const long None = long.MinValue;

    private CandleSum _sum;
    private int _updates;

    public CandleInterval Interval { get; } = interval;

    public CandleBuilder? Finer { get; } = finer;

    public ClosedWindows Closed { get; } = new();

    /// <summary>Whether forming records are published.</summary>
    public bool Live { get; set; }

    /// <summary>Whether windows without trades are published.</summary>
    public bool Carries { get; set; }

    /// <summary>Least microseconds between two forming records.</summary>
    public long UpdateInterval { get; set; }

    /// <summary>Not wanted any more: the window that is open gets its final record, and that is the last one.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Works for longer intervals alone; nothing of it is published.</summary>
    public bool IsSilent { get; set; }

    public long OpenTime { get; private set; } = None;

    public bool IsOpen => OpenTime != None;

    public long CloseTime => OpenTime + Interval.Microseconds;

    /// <summary>What is in the open window, but for what is still open below.</summary>
    public ref CandleSum Sum => ref _sum;

    /// <summary>The start of the open window was seen, and nothing of it is lost for good.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Windows that begin here or before were not seen from their start; <see cref="long.MaxValue"/> before the first.</summary>
    public long SeenFrom { get; set; } = long.MaxValue;

    /// <summary>End of the newest candle of the venue that was written for the time before; <see cref="None"/> before the first.</summary>
    public long SeededUntil { get; set; } = None;

    /// <summary>End of the newest window that was closed, or left out for want of trades; <see cref="None"/> before the first.</summary>
    public long ClosedUntil { get; set; } = None;

    /// <summary>Windows from here to <see cref="ClosedUntil"/> were empty and carried, and are not held.</summary>
    public long CarriedFrom { get; set; } = None;

    /// <summary>End of the newest window that is held no more.</summary>
    public long EvictedUntil { get; set; } = None;

    /// <summary>Empty windows that are still to be published, up to <see cref="CarryEnd"/>.</summary>
    public long CarryNext { get; set; }

    public long CarryEnd { get; set; }

    public Number CarryPrice { get; set; }

    /// <summary>Changed since the last forming record.</summary>
    public bool Dirty { get; set; }

    /// <summary>Waiting in the lane's queue of due forming records.</summary>
    public bool Queued { get; set; }

    /// <summary>When the next forming record may leave at the earliest.</summary>
    public long DueTime { get; private set; } = None;

    public int Updates => _updates;

    public bool Holds(long time) => time >= OpenTime && IsOpen && time < CloseTime;

    public void Begin(long time, bool isWhole)
    {
        OpenTime = Interval.OpenOf(time);

        // Of its first window the beginning was not seen, wherever its series has come to.
        SeenFrom = SeenFrom == long.MaxValue ? OpenTime : SeenFrom;
        IsWhole = isWhole && OpenTime > SeenFrom;
        _sum = default;
        _updates = 0;

        // The first change of a window is published at once.
        DueTime = None;
    }

    /// <summary>Goes on with a window that was begun by a process before this one.</summary>
    public void Resume(long openTime, in CandleSum sum, bool isWhole, int updates)
    {
        (OpenTime, _sum, IsWhole, _updates) = (openTime, sum, isWhole, updates);
        SeenFrom = Math.Min(SeenFrom, openTime);
    }

    /// <summary>Ends the open window: gives what longer intervals take over, and keeps it until its record is written.</summary>
    public CandleSum End(bool isDoubted)
    {
        var sum = _sum;
        if (!IsSilent)
        {
            ref var window = ref Closed.Insert(~Closed.Find(OpenTime), OpenTime);
            window.Sum = sum;
            window.Updates = _updates;
            window.IsWhole = IsWhole;
            window.IsDoubted = isDoubted;
        }

        CarryOnFrom(CloseTime);
        ClosedUntil = CloseTime;
        OpenTime = None;
        Dirty = false;
        return sum;
    }

    /// <summary>Which windows before this were carried is not known any more.</summary>
    public void CarryOnFrom(long time)
    {
        if (CarriedFrom < ClosedUntil && CarriedFrom != None)
        {
            EvictedUntil = Math.Max(EvictedUntil, Math.Min(ClosedUntil, time));
        }

        CarriedFrom = time;
    }

    /// <summary>Ends all windows and says nothing of them.</summary>
    public void Abandon()
    {
        OpenTime = None;
        Dirty = false;
        Closed.Clear();
        CarryNext = CarryEnd = 0;
    }

    /// <summary>A window waits for its final record: no later one may be told of.</summary>
    public bool IsBlocked
    {
        get
        {
            if (CarryNext < CarryEnd)
            {
                return true;
            }

            for (var i = Closed.Count - 1; i >= 0; i--)
            {
                if (Closed[i] is { IsPublished: false, IsRepair: false })
                {
                    return true;
                }
            }

            return false;
        }
    }

    public Candle Form(CandleSource source, bool isOrdered, long now)
    {
        Dirty = false;
        DueTime = now + UpdateInterval;
        return Make(Current(), OpenTime, CandleState.Forming, 0, IsWhole, ++_updates, source, isOrdered, now);
    }

    public Candle Make(ref ClosedWindow window, bool isComplete, CandleSource source, bool isOrdered, long now)
    {
        var state = window.IsPublished ? CandleState.Revised : CandleState.Final;
        window.Revision += window.IsPublished ? 1 : 0;
        window.IsPublished = true;
        window.IsDirty = false;
        var candle = Make(
            window.Sum, window.OpenTime, state, window.Revision, isComplete, ++window.Updates, source,
            isOrdered, now);
        window.WasComplete = isComplete;
        return candle;
    }

    public Candle MakeCarried(long openTime, Number price, CandleSource source, long now) =>
        Make(CandleSum.Carried(price), openTime, CandleState.Final, 0, isComplete: true, 1, source, isOrdered: true, now);

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

    private Candle Make(
        in CandleSum sum, long openTime, CandleState state, int revision, bool isComplete, int updates, CandleSource source, bool isOrdered, long now)
    {
        // Where the venue counts contracts, the sum is of price × contracts; it is turned into money here, not with each trade.
        var isExact = WideNumber.TryMultiply(sum.QuoteVolume, instrument.ContractSize, out var quoteVolume) && !sum.Overflowed;
        return new Candle(
            instrument,
            Interval,
            openTime,
            sum.Open,
            sum.High,
            sum.Low,
            sum.Close,
            sum.Volume,
            quoteVolume,
            sum.IsSideUnknown ? null : sum.TakerBuyVolume,
            sum.IsCountUnknown ? -1 : sum.Trades,
            isOrdered ? sum.FirstId : -1,
            isOrdered ? sum.LastId : -1,
            state,
            revision,
            isComplete && isExact && !sum.IsCountUnknown && !(sum.IsMixed && sum.IsSideUnknown),
            updates,
            sum.IsMixed ? CandleSource.Mixed : source,
            now);
    }
}
