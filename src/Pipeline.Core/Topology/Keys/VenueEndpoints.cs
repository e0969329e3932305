namespace Pipeline.Core.Topology.Keys;

/// <summary>The section <c>endpoints</c> of a venue, as written.</summary>
internal sealed record VenueEndpoints(Uri? WebSocket, Uri? Rest);
