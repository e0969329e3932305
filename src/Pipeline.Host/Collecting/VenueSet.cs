using Microsoft.Extensions.Logging;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>The venues of a collector: what is taken from each, and the watch over its instruments.</summary>
internal sealed class VenueSet : IDisposable
{
    private readonly VenueClients _clients;
    private readonly IReadOnlyList<InstrumentWatch> _watches;

    private VenueSet(VenueClients clients, IReadOnlyList<VenuePlan> plans, IReadOnlyList<InstrumentWatch> watches)
    {
        _clients = clients;
        Plans = plans;
        _watches = watches;
    }

    /// <summary>In the topology's order.</summary>
    public IReadOnlyList<VenuePlan> Plans { get; }

    /// <summary>Asks the venues for their instruments, all at once, and plans each.</summary>
    /// <exception cref="VenueException">A venue cannot be collected from as the topology asks.</exception>
    public static async Task<VenueSet> MakeAsync(
        TopologyFile topology, IMarketSink sink, TimeProvider marketClock, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var clients = new VenueClients(topology.Venues, time);
        try
        {
            List<VenueAccess> venues = [.. topology.Venues.Select(venue => Open(venue, clients))];
            var archive = InstrumentArchive.ReadAsync(topology.Kafka, time, log, cancellation);
            var listings = await Task.WhenAll(venues.Select(venue => VenueListing.LoadAsync(venue, time, log, cancellation)));
            var known = (await archive).ToLookup(record => record.Info.Venue, StringComparer.Ordinal);
            var instruments = new InstrumentRegistry();
            var (plans, watches) = (new List<VenuePlan>(), new List<InstrumentWatch>());
            foreach (var (venue, listing) in venues.Zip(listings))
            {
                var discoveries = InstrumentWatch.MakeDiscoveries();
                var plan = VenuePlan.Of(venue, listing, instruments, log, token => discoveries.Writer.TryWrite(token));
                VenueLog.Planned(log, venue.Name, plan.Instruments.Count, plan.Streams.Count);
                plans.Add(plan);
                watches.Add(new InstrumentWatch(plan, known[venue.Name], discoveries, sink, marketClock, time, log));
            }

            return new VenueSet(clients, plans, watches);
        }
        catch
        {
            clients.Dispose();
            throw;
        }
    }

    /// <summary>Publishes what is known of the instruments and is new.</summary>
    public async Task PublishAsync(CancellationToken cancellation)
    {
        foreach (var watch in _watches)
        {
            await watch.PublishAsync(cancellation);
        }
    }

    /// <summary>Follows what becomes of the instruments, until cancelled.</summary>
    public Task WatchAsync(CancellationToken cancellation) => Task.WhenAll(_watches.Select(watch => watch.RunAsync(cancellation)));

    public void Dispose() => _clients.Dispose();

    private static VenueAccess Open(VenueOptions options, VenueClients clients)
    {
        var parts = KnownVenues.Of(options.Name);
        return new VenueAccess(options, parts.Adapter, clients.MakeRest(options, parts.Rest));
    }
}
