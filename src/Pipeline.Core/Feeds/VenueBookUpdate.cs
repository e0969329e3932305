namespace Pipeline.Core.Feeds;

/// <summary>A book difference as the venue sent it; bids then asks lie in the owning batch from <see cref="FirstLevel"/> on.</summary>
public readonly record struct VenueBookUpdate(int Symbol, long FirstUpdateId, long LastUpdateId, int FirstLevel, int Bids, int Asks, long Time);
