using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>
/// What a parser made of a <see cref="FrameBatch"/>: venue records, one list per kind, and <see cref="Events"/> for their order.
/// Owned by one station at a time.
/// </summary>
public sealed class VenueBatch
{
    /// <summary>Most bytes of a frame that a dead letter carries: what fits a record of one megabyte in base 64.</summary>
    public const int MaxDeadLetterBytes = 700_000;

    private readonly VenueBatchPool? _pool;

    public VenueBatch(VenueBatchPool? pool = null) => _pool = pool;

    public FeedSource Source { get; set; } = FeedSource.None;

    /// <summary>Arrival by the market clock, microseconds.</summary>
    public long ReceivedTime { get; set; }

    /// <summary>Over which socket the frames came; nothing for an answer to a request of ours.</summary>
    public FrameOrigin Origin { get; set; }

    /// <summary>How the trades came to us: live, or fetched to repair a hole.</summary>
    public TradeSource TradeSource { get; set; } = TradeSource.Live;

    /// <summary>Which hole the trades were fetched for; such a batch holds nothing but them. Null = the batch is no answer of repair.</summary>
    public RepairAnswer? Repair { get; set; }

    /// <summary>Candles of the time before a series; such a batch holds nothing else. Null = none.</summary>
    public CandleAnswer? Past { get; set; }

    /// <summary>An instrument that is not taken any more; such a batch holds nothing else. Null = none.</summary>
    public Instrument? Forgotten { get; set; }

    /// <summary>Another state for the gate of a partition; such a batch holds nothing else. Null = none.</summary>
    internal GateOrder? Gate { get; set; }

    public ValueList<MarketEvent> Events { get; } = new();

    public ValueList<VenueTrade> Trades { get; } = new();

    public ValueList<VenueQuote> Quotes { get; } = new();

    public ValueList<VenueBookUpdate> BookUpdates { get; } = new();

    public ValueList<BookLevel> Levels { get; } = new();

    public ValueList<VenueCandle> Candles { get; } = new();

    public ValueList<VenueTicker> Tickers { get; } = new();

    public ValueList<VenueMarkPrice> MarkPrices { get; } = new();

    public ValueList<VenueFundingRate> FundingRates { get; } = new();

    public ValueList<VenueLiquidation> Liquidations { get; } = new();

    public ValueList<VenuePriceTick> PriceTicks { get; } = new();

    public ValueList<DeadLetter> DeadLetters { get; } = new();

    /// <summary>Bytes of dead letters and of signatures.</summary>
    public ValueList<byte> Bytes { get; } = new();

    /// <summary>Frames read, whatever became of them.</summary>
    public int Frames { get; set; }

    /// <summary>Rows understood but not asked for, such as another market's on a shared stream.</summary>
    public int Unwanted { get; set; }

    /// <summary>Control frames: acknowledgements and other answers, which carry no market data.</summary>
    public int ControlFrames { get; set; }

    public void Add(in VenueTrade trade)
    {
        Events.Add(new MarketEvent(MarketEventKind.Trade, Trades.Count));
        Trades.Add(trade);
    }

    public void Add(in VenueQuote quote)
    {
        Events.Add(new MarketEvent(MarketEventKind.Quote, Quotes.Count));
        Quotes.Add(quote);
    }

    /// <summary>Adds an update whose levels the parser has already appended to <see cref="Levels"/>.</summary>
    public void Add(in VenueBookUpdate update)
    {
        Events.Add(new MarketEvent(MarketEventKind.BookUpdate, BookUpdates.Count));
        BookUpdates.Add(update);
    }

    public void Add(in VenueCandle candle)
    {
        Events.Add(new MarketEvent(MarketEventKind.VenueCandle, Candles.Count));
        Candles.Add(candle);
    }

    public void Add(in VenueTicker ticker)
    {
        Events.Add(new MarketEvent(MarketEventKind.Ticker, Tickers.Count));
        Tickers.Add(ticker);
    }

    public void Add(in VenueMarkPrice markPrice)
    {
        Events.Add(new MarketEvent(MarketEventKind.MarkPrice, MarkPrices.Count));
        MarkPrices.Add(markPrice);
    }

    public void Add(in VenueFundingRate fundingRate)
    {
        Events.Add(new MarketEvent(MarketEventKind.FundingRate, FundingRates.Count));
        FundingRates.Add(fundingRate);
    }

    public void Add(in VenueLiquidation liquidation)
    {
        Events.Add(new MarketEvent(MarketEventKind.Liquidation, Liquidations.Count));
        Liquidations.Add(liquidation);
    }

    /// <summary>Adds a tick whose signature the parser has already appended to <see cref="Bytes"/>.</summary>
    public void Add(in VenuePriceTick priceTick)
    {
        Events.Add(new MarketEvent(MarketEventKind.PriceTick, PriceTicks.Count));
        PriceTicks.Add(priceTick);
    }

    /// <summary>Keeps a frame that was not understood, whole up to <see cref="MaxDeadLetterBytes"/>.</summary>
    public void AddDeadLetter(string reason, ReadOnlySpan<byte> frame, long wireSize)
    {
        frame = frame[..Math.Min(frame.Length, MaxDeadLetterBytes)];
        Events.Add(new MarketEvent(MarketEventKind.DeadLetter, DeadLetters.Count));
        DeadLetters.Add(new DeadLetter(Source.Venue, Source.Connection, reason, Bytes.Count, frame.Length, wireSize, ReceivedTime));
        Bytes.AddRange(frame);
    }

    /// <summary>Empties the batch and gives it back to its pool.</summary>
    public void Release()
    {
        Source = FeedSource.None;
        Origin = default;
        Frames = 0;
        ControlFrames = 0;
        Unwanted = 0;
        Forgotten = null;
        Gate = null;
        Repair = null;
        Past = null;
        TradeSource = TradeSource.Live;
        Events.Clear();
        Trades.Clear();
        Quotes.Clear();
        BookUpdates.Clear();
        Levels.Clear();
        Candles.Clear();
        Tickers.Clear();
        MarkPrices.Clear();
        FundingRates.Clear();
        Liquidations.Clear();
        PriceTicks.Clear();
        DeadLetters.Clear();
        Bytes.Clear();
        _pool?.Return(this);
    }
}
