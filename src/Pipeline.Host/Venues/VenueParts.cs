using Pipeline.Core.Feeds;

namespace Pipeline.Host.Venues;

/// <summary>What a venue is made of.</summary>
/// <param name="Rest">Null where it has no HTTP interface.</param>
internal sealed record VenueParts(IVenueAdapter Adapter, VenueRestFactory? Rest = null);
