namespace Pipeline.Core.Sequencing;

/// <summary>How far each kind of event of one instrument has come.</summary>
internal sealed class InstrumentOrder
{
    public RisingIds Quotes;
    public RisingIds Partials;
    public LatestTime Tickers;
    public LatestTime Marks;
    public LatestTime Funding;
    private RecentIds? _tradeIds;
    private TickOrder? _ticks;

    public Arbiter Trades { get; } = new();

    /// <summary>Ids of trades where they tell copies apart and nothing else.</summary>
    public RecentIds TradeIds => _tradeIds ??= new RecentIds();

    public TickOrder Ticks => _ticks ??= new TickOrder();

    /// <summary>Newest series of a connection that brought events whose ids cannot tell a hole; 0 before the first.</summary>
    public long Series { get; private set; }

    /// <summary>Something is missing before the next trade that passes.</summary>
    public bool IsAfterGap { get; set; }

    /// <summary>True when the series follows an older one: between the two nobody listened.</summary>
    public bool BreaksWith(long series)
    {
        if (series <= Series)
        {
            return false;
        }

        var isFirst = Series == 0;
        Series = series;
        return !isFirst;
    }
}
