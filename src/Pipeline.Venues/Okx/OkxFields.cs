using Pipeline.Core.Market;

namespace Pipeline.Venues.Okx;

/// <summary>The fields of one row as found, in whatever order. Null = missing or not said, which OKX writes as empty text.</summary>
internal ref struct OkxFields
{
    /// <summary>A field that we know has a value that it cannot have: another type, or text that is no number.</summary>
    public bool IsWrong;

    /// <summary>The row's own instrument; -1 when it is not known.</summary>
    public int Symbol;
    public bool HasSymbol;
    public bool IsSpot;

    public long? TradeId;
    public long? Count;
    public long? Time;
    public long? FundingTime;
    public long? SequenceId;
    public long? PreviousSequenceId;
    public AggressorSide? Side;

    public Number? Price;
    public Number? Quantity;
    public Number? Last;
    public Number? LastQuantity;
    public Number? Ask;
    public Number? AskQuantity;
    public Number? Bid;
    public Number? BidQuantity;
    public Number? Open;
    public Number? High;
    public Number? Low;
    public WideNumber? Volume;
    public WideNumber? CurrencyVolume;
    public Number? FundingRate;

    /// <summary>Where the row's levels begin in the batch, and how many there are; -1 when a side is absent.</summary>
    public int FirstLevel;
    public int Bids;
    public int Asks;
    public bool AsksFirst;

    /// <summary>Place of a liquidation's details in the text that is read; -1 when absent.</summary>
    public int DetailsAt;

    public static OkxFields From(int firstLevel) => new() { Symbol = -1, FirstLevel = firstLevel, Bids = -1, Asks = -1, DetailsAt = -1 };
}
