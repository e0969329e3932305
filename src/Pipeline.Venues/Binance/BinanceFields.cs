using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance;

/// <summary>
/// The fields of one payload as found, in whatever order. Binance names fields by one letter and gives the letter another meaning
/// per event and JSON type: <c>a</c> is an ask price (text), an aggregate trade id (number) or ask levels (array). The names here
/// are those of the commonest meaning.
/// </summary>
internal ref struct BinanceFields
{
    public BinanceEvent Event;
    public bool IsReply;

    public int Symbol;
    public bool HasSymbol;

    public long? TradeId;
    public long? NumberA;
    public long? FirstId;
    public long? LastId;
    public long? EventTime;

    /// <summary><c>T</c>: engine time; of a mark price the time of the next funding.</summary>
    public long? TradeTime;
    public long? FirstUpdateId;
    public long? UpdateId;
    public long? PreviousUpdateId;
    public long? LastUpdateId;
    public bool? BuyerIsMaker;

    /// <summary><c>p</c>: price; of a ticker the change, of a mark price the mark.</summary>
    public Number? Price;

    /// <summary><c>q</c>: quantity.</summary>
    public Number? Quantity;

    /// <summary><c>q</c> of a ticker, which may have more digits than a quantity.</summary>
    public WideNumber? Turnover;
    public Number? Bid;
    public Number? BidQuantity;
    public Number? Ask;
    public Number? AskQuantity;
    public Number? Open;
    public Number? High;
    public Number? Low;
    public Number? Close;
    public WideNumber? Volume;
    public Number? LastQuantity;
    public Number? Index;
    public Number? Rate;

    /// <summary><c>X</c> of a futures trade is something else than <c>MARKET</c>.</summary>
    public bool IsOffMarket;

    /// <summary><c>st</c> is 2: a row of the coin-margined market on a stream of ours.</summary>
    public bool IsCoinMargined;

    /// <summary>The stream's name says partial book.</summary>
    public bool IsPartialBook;

    /// <summary>Symbol in the name of a partial book's stream; -1 when it is not known.</summary>
    public int StreamSymbol;

    /// <summary>The frame names its stream.</summary>
    public bool HasStream;

    /// <summary>Places of the level arrays in the payload's bytes; -1 when absent.</summary>
    public int BidsAt;
    public int AsksAt;

    /// <summary>Place of the kline object; -1 when absent.</summary>
    public int KlineAt;

    /// <summary>Place of a liquidation's order object; -1 when absent.</summary>
    public int OrderAt;

    /// <summary>Place of an array of payloads; -1 when absent.</summary>
    public int RowsAt;

    public static BinanceFields None =>
        new() { BidsAt = -1, AsksAt = -1, KlineAt = -1, OrderAt = -1, RowsAt = -1, Symbol = -1, StreamSymbol = -1 };
}
