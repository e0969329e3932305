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

    public ValueList<MarketEvent> Events { get; } = new();

    public ValueList<VenueTrade> Trades { get; } = new();

    public ValueList<VenueQuote> Quotes { get; } = new();

    public ValueList<VenueBookUpdate> BookUpdates { get; } = new();

    public ValueList<BookLevel> Levels { get; } = new();

    public ValueList<VenueCandle> Candles { get; } = new();

    public ValueList<DeadLetter> DeadLetters { get; } = new();

    /// <summary>Bytes of dead letters.</summary>
    public ValueList<byte> Bytes { get; } = new();

    /// <summary>Frames read, whatever became of them.</summary>
    public int Frames { get; set; }

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
        Frames = 0;
        ControlFrames = 0;
        Events.Clear();
        Trades.Clear();
        Quotes.Clear();
        BookUpdates.Clear();
        Levels.Clear();
        Candles.Clear();
        DeadLetters.Clear();
        Bytes.Clear();
        _pool?.Return(this);
    }
}
