using Pipeline.Core.Topology;

namespace Pipeline.Simulator.World;

/// <summary>A venue's part of the world.</summary>
/// <param name="Listener">Is told what happens in the venue's markets.</param>
/// <param name="List">The markets the venue makes of a symbol.</param>
internal sealed record VenueListing(
    SimulatedVenue Venue, IMarketListener Listener, Func<SimulatedSymbol, IEnumerable<ListedSymbol>> List);
