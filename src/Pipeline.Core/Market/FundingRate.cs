namespace Pipeline.Core.Market;

/// <summary>What longs pay shorts. Times are microseconds, UTC.</summary>
/// <param name="Rate">Part of the position's value; may be negative.</param>
/// <param name="FundingTime">When it is paid next.</param>
public readonly record struct FundingRate(Instrument Instrument, Number Rate, long FundingTime, long EventTime, long ReceivedTime);
