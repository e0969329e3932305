namespace Pipeline.Simulator.World;

/// <summary>One resting order hit by a taker. Price and quantity in units of <see cref="FixedPoint"/>, time in microseconds.</summary>
internal readonly struct EngineTrade(long id, long aggregateId, long price, long quantity, long time, bool takerBuys)
{
    // The side lives in the time's lowest bit: millions of these are kept.
    private readonly long _timeAndSide = (time << 1) | (takerBuys ? 1L : 0L);

    public long Id { get; } = id;

    public long AggregateId { get; } = aggregateId;

    public long Price { get; } = price;

    public long Quantity { get; } = quantity;

    public long Time => _timeAndSide >> 1;

    public bool TakerBuys => (_timeAndSide & 1) != 0;
}
