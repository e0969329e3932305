namespace Pipeline.Simulator.World;

/// <summary>What was paid at a funding time: rate and mark price then, both in units of <see cref="FixedPoint"/>.</summary>
internal readonly record struct FundingPayment(long Time, long Rate, long MarkPrice);
