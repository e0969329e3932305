using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>A funding rate as the venue sent it; both times in the venue's unit.</summary>
public readonly record struct VenueFundingRate(int Symbol, Number Rate, long FundingTime, long Time);
