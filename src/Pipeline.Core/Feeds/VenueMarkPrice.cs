using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>A mark price as the venue sent it.</summary>
public readonly record struct VenueMarkPrice(int Symbol, Number Mark, Number? Index, long Time);
