using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance;

/// <summary>
/// The fields of one payload as found, in whatever order. Binance names fields by one letter and gives the letter another meaning
/// per event and JSON type: <c>a</c> is an ask price (text), an aggregate trade id (number) or ask levels (array).
/// </summary>
internal ref struct BinanceFields
{
    public BinanceEvent Event;
    public bool IsObject;
    public bool IsReply;

    public int Symbol;
    public bool HasSymbol;

    public long? TradeId;
    public long? NumberA;
    public long? FirstId;
    public long? LastId;
    public long? EventTime;
    public long? TradeTime;
    public long? FirstUpdateId;
    public long? UpdateId;
    public bool? BuyerIsMaker;

    public Number? Price;
    public Number? Quantity;
    public Number? Bid;
    public Number? BidQuantity;
    public Number? Ask;
    public Number? AskQuantity;

    /// <summary>Places of the level arrays in the frame; -1 when absent.</summary>
    public int BidsAt;
    public int AsksAt;

    /// <summary>Place of the kline object in the frame; -1 when absent.</summary>
    public int KlineAt;

    public static BinanceFields None => new() { BidsAt = -1, AsksAt = -1, KlineAt = -1, Symbol = -1 };
}
