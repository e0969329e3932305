using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// All candles of one instrument, of intervals that may change while it lives. Here: what becomes of a trade. A trade that is the newest
/// goes into the roots of the roll-up, any other (late, or of a repair) into each window that holds its time, open or closed.
/// </summary>
internal sealed partial class CandleSeries
{
    // No venue's clock runs this far ahead: such a time is wrong, and folding it in would close every window for its sake.
    private const long MaxAhead = 24 * 3_600_000_000L;

    private readonly Instrument _instrument;
    private readonly PipelineMetrics _metrics;
    private readonly VenueClock _clock;
    private CandleOptions _options;
    private CandleBuilder[] _builders = [];
    private CandleBuilder[] _roots = [];
    private bool _isOrdered;
    private bool _isPriced;
    private bool _hasStarted;
    private bool _hasChanged;
    private bool _hasLeft;

    /// <summary>Windows were closed by the clock while the stream could not be trusted.</summary>
    private bool _hasDoubts;

    /// <summary>Newest id of the main line; what comes with a lower one is repair, or a copy of nothing we know.</summary>
    private long _lastId = -1;

    /// <summary>Greatest event time of the main line.</summary>
    private long _lastTime = long.MinValue;

    private Number? _lastClose;

    /// <summary>Windows that end here or before are closed.</summary>
    private long _closedTime = long.MinValue;

    /// <summary>Something up to this time is lost for good: windows that begin later begin whole.</summary>
    private long _lostUntil = long.MinValue;

    public CandleSeries(
        Instrument instrument, CandleOptions options, PipelineMetrics metrics, VenueClock clock, CandleSeriesState? state = null)
    {
        _instrument = instrument;
        _metrics = metrics;
        _clock = clock;
        _options = options;
        _isOrdered = instrument.Rules.Trades != IdDiscipline.Unordered;
        if (state is not null)
        {
            Restore(state);
        }

        Follow(options);
    }

    /// <summary>Shortest interval first.</summary>
    public ReadOnlySpan<CandleBuilder> Builders => _builders;

    public Instrument Instrument => _instrument;

    public CandleSource Source => _isPriced ? CandleSource.Prices : CandleSource.Trades;

    public bool IsOrdered => _isOrdered;

    /// <summary>Already in the batch's list of changed series.</summary>
    public bool Touched { get; set; }

    /// <summary>Something has happened since it was saved.</summary>
    public bool IsUnsaved { get; set; }

    /// <summary>A trade came since the last forming records.</summary>
    public bool HasTraded { get; set; }

    /// <summary>Its place in the lane's queue; the maximum when it has none.</summary>
    public long QueuedFor { get; set; } = long.MaxValue;

    /// <summary>Folds a price in: a trade of nothing, by nobody, without an id.</summary>
    public void AddPrice(in Trade price, long now)
    {
        (_isPriced, _isOrdered) = (true, false);
        Add(price, now);
    }

    /// <summary>Folds the trade in; records of it are made by <see cref="Publish"/>.</summary>
    public void Add(in Trade trade, long now)
    {
        if (trade.EventTime > now + MaxAhead)
        {
            _metrics.Dropped(_instrument.Venue, "future-trade");
            return;
        }

        HasTraded = true;
        _start?.Add(trade, _isOrdered);
        if (_isOrdered && trade.Id <= _lastId)
        {
            if (trade.Source != TradeSource.Live || !trade.AfterGap)
            {
                AddRepaired(trade);
                return;
            }

            ForgetIds();
        }

        AddNewest(trade);
        _lastId = trade.Id;
        if (_isOrdered || trade.EventTime >= _lastTime)
        {
            _lastClose = trade.Price;
        }

        _lastTime = Math.Max(_lastTime, trade.EventTime);
    }

    /// <summary>
    /// Makes these intervals from now on. A new one begins with the next trade; its first window is incomplete. One that is left out
    /// says nothing more of its open window but its final record. Those that stay go on as they are, rolled up from what they were.
    /// </summary>
    public void Follow(CandleOptions options)
    {
        _options = options;
        var known = _builders.ToDictionary(builder => builder.Interval);
        var made = new List<CandleBuilder>();
        foreach (var interval in known.Keys.Concat(options.Intervals).Distinct().OrderBy(interval => interval.Index))
        {
            var builder = known.GetValueOrDefault(interval);
            if (builder is null)
            {
                var finer = made.LastOrDefault(one => interval.IsMultipleOf(one.Interval));
                builder = new CandleBuilder(_instrument, interval, finer);
            }

            var isWanted = options.Intervals.Contains(interval);
            var pace = interval.Microseconds <= 60_000_000 ? options.UpdateInterval : options.LongUpdateInterval;
            builder.Live = isWanted && options.Live.Contains(interval);
            builder.Carries = isWanted && options.Empty == EmptyCandles.Carry && interval.Index >= options.CarryFrom.Index;
            builder.UpdateInterval = MarketTime.From(pace);
            builder.IsLeaving = !isWanted && builder.IsOpen && !builder.IsSilent;
            builder.IsSilent = !isWanted && !builder.IsLeaving;
            made.Add(builder);
        }

        _hasChanged = true;
        _isDeadlineStale = true;
        Set(made);
    }

    /// <summary>Ends all windows and says nothing of them.</summary>
    public void Abandon()
    {
        _start = null;
        foreach (var builder in _builders)
        {
            builder.Abandon();
        }
    }

    /// <summary>A silent builder is kept for as long as a longer one is made of it, or a record of it waits.</summary>
    private void Set(List<CandleBuilder> builders)
    {
        for (var i = builders.Count - 1; i >= 0; i--)
        {
            if (builders[i] is { IsSilent: true, IsBlocked: false } && !builders.Exists(longer => longer.Finer == builders[i]))
            {
                builders.RemoveAt(i);
            }
        }

        _builders = [.. builders];
        _roots = [.. builders.Where(builder => builder.Finer is null)];
    }

    private void AddNewest(in Trade trade)
    {
        var firstId = _instrument.Rules.Trades == IdDiscipline.Ranges ? trade.FirstId : trade.Id;
        if (trade.AfterGap)
        {
            MeetGap(trade.EventTime, firstId);
        }
        else if (_isOrdered)
        {
            if (firstId > _lastId + 1)
            {
                Skip(trade, firstId);
            }

            // It follows by id on what came before: nothing was missed, whatever the health of the stream said.
            Prove(trade);
        }

        if (!_hasChanged && trade.EventTime >= ToldUntil && AllRootsHold(trade.EventTime))
        {
            foreach (var root in _roots)
            {
                root.Sum.Add(trade, _isOrdered);
            }

            return;
        }

        _isDeadlineStale = true;
        if (trade.EventTime < ToldUntil || IsLate(trade.EventTime))
        {
            // Late for some intervals alone: longer ones may be carried by the clock while shorter ones, not known to be covered, wait.
            _metrics.LateTrade(_instrument.Venue);
            CloseByTrade(trade);
            AddBehind(trade, gap: null);
            return;
        }

        CloseByTrade(trade);
        BeginPast(trade);
        foreach (var builder in _builders)
        {
            if (!builder.IsOpen)
            {
                builder.Begin(trade.EventTime, _hasStarted && builder.Interval.OpenOf(trade.EventTime) > _lostUntil);
            }
        }

        (_hasChanged, _hasStarted) = (false, true);
        foreach (var root in _roots)
        {
            root.Sum.Add(trade, _isOrdered);
        }
    }

    private bool AllRootsHold(long time)
    {
        foreach (var root in _roots)
        {
            if (!root.Holds(time))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsLate(long time)
    {
        foreach (var root in _roots)
        {
            if (root.Interval.OpenOf(time) + root.Interval.Microseconds <= _closedTime)
            {
                return true;
            }
        }

        return false;
    }
}
