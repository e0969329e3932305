using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Venues;

/// <summary>One venue of a topology: what is wanted of it, and the ways to it.</summary>
/// <param name="Rest">Null when the topology names no REST address.</param>
internal sealed record VenueAccess(VenueOptions Options, IVenueAdapter Adapter, IVenueRest? Rest)
{
    public string Name => Options.Name;
}
