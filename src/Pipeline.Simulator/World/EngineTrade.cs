namespace Pipeline.Simulator.World;

/// <summary>One resting order hit by a taker. Price and quantity in units of <see cref="FixedPoint"/>, time in microseconds.</summary>
internal readonly struct EngineTrade(
    long id, long aggregateId, long price, long quantity, long time, bool takerBuys, TradeKind kind = TradeKind.Market)
{
    // Side and kind live in the time's lowest bits: millions of these are kept.
    private readonly long _timeKindAndSide = (time << 4) | ((long)kind << 1) | (takerBuys ? 1L : 0L);

    public long Id { get; } = id;

    /// <summary>Of a trade that is no <see cref="TradeKind.Market"/> trade: the aggregate before it.</summary>
    public long AggregateId { get; } = aggregateId;

    public long Price { get; } = price;

    public long Quantity { get; } = quantity;

    public long Time => _timeKindAndSide >> 4;

    public TradeKind Kind => (TradeKind)((_timeKindAndSide >> 1) & 7);

    /// <summary>False for what nobody is shown: an id that was never given, and a trade that is kept back.</summary>
    public bool IsMade => Kind is not (TradeKind.Skipped or TradeKind.Withheld);

    public bool TakerBuys => (_timeKindAndSide & 1) != 0;
}
