using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Market;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Recordings;

/// <summary>One venue of a recording: planned as a collector plans it, its feed without a graph behind it.</summary>
internal sealed class RecordingVenue(VenuePlan plan, VenueClients clients) : IAsyncDisposable
{
    private ConnectGate? _gate;
    private VenueFeed? _feed;

    public VenueFeedStatistics? Statistics => _feed?.Statistics;

    public RecordedVenue Description => Describe(plan);

    /// <summary>What a recording must say of the venue, so that it can be replayed without it.</summary>
    public static RecordedVenue Describe(VenuePlan plan) => new(
        plan.Venue.Name,
        plan.Venue.Options.TradeSource,
        plan.Adapter.TimeUnit,
        plan.TakesEveryToken,
        [.. plan.Registered.Select(one => new RecordedInstrument(one.Id, one.Symbol, one.ContractSize.ToString()))]);

    /// <exception cref="VenueException">Its instruments cannot be had, or none is as the topology says.</exception>
    public static async Task<RecordingVenue> MakeAsync(
        VenueOptions options, PipelineMetrics metrics, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var parts = KnownVenues.Of(options.Name);
        var clients = new VenueClients([options], time, metrics);
        try
        {
            var access = new VenueAccess(options, parts.Adapter, clients.MakeRest(options, parts.Rest));
            var listing = await VenueListing.LoadAsync(access, time, log, cancellation);
            return new RecordingVenue(VenuePlan.Of(access, listing, new InstrumentRegistry(), log), clients);
        }
        catch
        {
            clients.Dispose();
            throw;
        }
    }

    /// <summary>Opens the connections; all that comes over them is recorded.</summary>
    public async Task StartAsync(FrameRecorder recorder, PipelineMetrics metrics, TimeProvider time)
    {
        var options = plan.Venue.Options;
        var catalog = new StreamCatalog();
        foreach (var stream in plan.Streams)
        {
            catalog.Add(stream);
        }

        _gate = new ConnectGate(options.Name, plan.Adapter.Limits.ConnectAttempts, time, metrics);
        _feed = new VenueFeed(
            plan.Adapter,
            new VenueFeedOptions
            {
                Endpoint = options.WebSocketEndpoint,
                Streams = [.. plan.Streams.OrderBy(stream => stream.Rank).Select(stream => stream.Name)],
                Symbols = plan.Symbols,
                Catalog = catalog,
                Legs = options.Legs,
                WebSocket = options.WebSocket,
                Pool = options.Pool,
                TrafficBudget = options.TrafficBudget,
            },
            new ClientWebSocketTransport(options.Network, time),
            time,
            time,
            metrics,
            gate: _gate);
        _feed.Frames.Subscribe(recorder.Take);
        await _feed.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_feed is not null)
        {
            await _feed.DisposeAsync();
        }

        _gate?.Dispose();
        clients.Dispose();
    }
}
