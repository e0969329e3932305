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

    /// <summary>Something is missing before the next trade that passes.</summary>
    public bool IsAfterGap { get; set; }
}
