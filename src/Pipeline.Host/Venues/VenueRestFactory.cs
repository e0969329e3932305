using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Rest;

namespace Pipeline.Host.Venues;

/// <summary>Makes a venue's HTTP interface.</summary>
/// <param name="http">Client of this venue alone, without a time-out of its own; disposed of by whoever made it.</param>
/// <param name="endpoint">Address without a path, from the topology.</param>
/// <param name="metrics">Counts what is asked.</param>
internal delegate IVenueRest VenueRestFactory(HttpClient http, Uri endpoint, TimeProvider time, PipelineMetrics metrics);
