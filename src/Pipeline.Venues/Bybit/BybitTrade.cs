using Pipeline.Core.Market;

namespace Pipeline.Venues.Bybit;

/// <summary>A row of a trade message as found.</summary>
internal struct BybitTrade
{
    public long? Id;
    public long? Time;
    public Number? Price;
    public Number? Quantity;
    public AggressorSide? Taker;

    public void SetTaker(ReadOnlySpan<byte> text) =>
        Taker = text.SequenceEqual("Buy"u8) ? AggressorSide.Buy
            : text.SequenceEqual("Sell"u8) ? AggressorSide.Sell
            : null;
}
