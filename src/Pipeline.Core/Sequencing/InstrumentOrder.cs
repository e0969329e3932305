using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>How far each kind of event of one instrument has come.</summary>
internal sealed class InstrumentOrder(Instrument instrument)
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

    public Instrument Instrument { get; } = instrument;

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

    /// <summary>Ids tell copies apart and nothing else: by the venue's rules, or because that was found out.</summary>
    public bool IsUnordered { get; set; } = instrument.Rules.Trades == IdDiscipline.Unordered;

    /// <summary>Highest id that went on before the ids were found not to be contiguous; -1 where they were not.</summary>
    public long DemotedAt { get; set; } = -1;

    /// <summary>Holes in a row in which the venue had nothing.</summary>
    public int SilentGaps { get; set; }

    /// <summary>Holes in which the venue had nothing, the newest last, should it be asked again; null when there are none.</summary>
    public List<Gap>? Silent { get; set; }

    /// <summary>Trades far below the frontier at later times, rising: several of them are a new series. Null when there are none.</summary>
    public List<Trade>? Suspects { get; set; }

    /// <summary>A hole that is a time and is being asked for.</summary>
    public Gap? TimeGap { get; set; }

    /// <summary>Greatest event time of trades, or price ticks, whose ids tell no hole; 0 before the first.</summary>
    public long LastTime { get; set; }

    /// <summary>As it was at the last checkpoint.</summary>
    public TradeSeriesState? Saved { get; set; }

    /// <summary>Why something is missing before the next event, where ids tell no hole; null when nothing is.</summary>
    public string? Break { get; set; }

    /// <summary>Goes on where another process has ended, and has met no trade since.</summary>
    public bool IsRestored { get; set; }

    /// <summary>What a restarted process must know has changed since it was told last.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Newest series of a connection that brought trades, or ticks; 0 before the first.</summary>
    public long Series { get; set; }

    /// <summary>Something is missing before the next trade that passes.</summary>
    public bool IsAfterGap { get; set; }

    /// <summary>When something is to be done though nothing comes: a hole to be asked for, or announced; the maximum when never.</summary>
    public long Deadline
    {
        get
        {
            var deadline = long.MaxValue;
            var isLowest = true;
            foreach (var gap in Trades.Gaps)
            {
                if (!gap.IsWaiting)
                {
                    continue;
                }

                if (isLowest)
                {
                    deadline = gap.HoldUntil;
                    isLowest = false;
                }

                if (!gap.IsAsked && !gap.IsFilled)
                {
                    deadline = Math.Min(deadline, gap.AskAt);
                }
            }

            return deadline;
        }
    }

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
