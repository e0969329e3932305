using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Venues;

/// <summary>The REST interfaces of a topology's venues, opened when first asked for. All who ask share them, and so each venue's budget.</summary>
internal sealed class VenueRests : IDisposable
{
    private readonly Dictionary<string, IVenueRest?> _venues = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _clients = [];
    private readonly PipelineMetrics _metrics = new(meterName: PipelineMetrics.UnseenMeterName);
    private readonly Func<string, IVenueRest?> _open;

    public VenueRests(TopologyFile topology, TimeProvider time) => _open = venue => Open(topology, venue, time);

    /// <summary>For tests: one interface for all.</summary>
    internal VenueRests(IVenueRest rest) => _open = _ => rest;

    /// <summary>Null where the topology has no such venue, or no address of it, or the venue has no such interface.</summary>
    public IVenueRest? Find(string venue)
    {
        if (!_venues.TryGetValue(venue, out var rest))
        {
            _venues.Add(venue, rest = _open(venue));
        }

        return rest;
    }

    public void Dispose()
    {
        _clients.ForEach(one => one.Dispose());
        _metrics.Dispose();
    }

    private IVenueRest? Open(TopologyFile topology, string venue, TimeProvider time)
    {
        if (topology.Venues.FirstOrDefault(one => one.Name == venue) is not { } options)
        {
            return null;
        }

        var clients = new VenueClients([options], time, _metrics);
        _clients.Add(clients);
        return clients.MakeRest(options, KnownVenues.Of(venue).Rest);
    }
}
