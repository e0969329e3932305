using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>How far each kind of event of one instrument has come.</summary>
internal sealed class InstrumentOrder
{
    public RisingIds Quotes;
    public RisingIds Partials;
    private Newest<Ticker>? _tickers;
    private Newest<MarkPrice>? _marks;
    private Newest<FundingRate>? _funding;
    private RecentLiquidations? _liquidations;
    private VenueCandleOrder? _candles;
    private RecentIds? _tradeIds;
    private TickOrder? _ticks;

    public Arbiter Trades { get; } = new();

    /// <summary>Ids of trades where they tell copies apart and nothing else.</summary>
    public RecentIds TradeIds => _tradeIds ??= new RecentIds();

    public Newest<Ticker> Tickers => _tickers ??= new Newest<Ticker>();

    public Newest<MarkPrice> Marks => _marks ??= new Newest<MarkPrice>();

    public Newest<FundingRate> Funding => _funding ??= new Newest<FundingRate>();

    public RecentLiquidations Liquidations => _liquidations ??= new RecentLiquidations();

    public VenueCandleOrder VenueCandles => _candles ??= new VenueCandleOrder();

    public TickOrder Ticks => _ticks ??= new TickOrder();

    /// <summary>Trades that wait for the ids before them; null before the first.</summary>
    public HeldTrades? Held { get; set; }

    /// <summary>Its place in the queue of holds; the maximum when it has none.</summary>
    public long QueuedFor { get; set; } = long.MaxValue;

    /// <summary>How far each socket has come; null while only one carries the instrument.</summary>
    public LegRows? Legs { get; set; }

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
