using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Rest;

/// <summary>A book could not be fetched.</summary>
/// <param name="RetryAfter">How long the venue wants to be left alone; null when it does not say.</param>
public sealed record BookSnapshotFailure(Instrument Instrument, VenueRestFailure Failure, string Message, TimeSpan? RetryAfter);
