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

    /// <summary>
    /// Newest socket that brought events whose ids cannot tell a hole; 0 before the first. With two sockets side by side only the newer
    /// one's beginning counts.
    /// </summary>
    public long Socket { get; private set; }

    /// <summary>Something is missing before the next trade that passes.</summary>
    public bool IsAfterGap { get; set; }

    /// <summary>True when the socket took over from an older one: between the two nobody listened.</summary>
    public bool TakesOver(long socket)
    {
        if (socket <= Socket)
        {
            return false;
        }

        var isFirst = Socket == 0;
        Socket = socket;
        return !isFirst;
    }
}
