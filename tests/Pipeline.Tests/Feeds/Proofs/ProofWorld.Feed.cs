using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;
using Pipeline.Host.Collecting;
using Pipeline.TestKit.Feeds.Virtual;
using Pipeline.Tests.Host.Collecting;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>How the feed is made, and what watches it.</summary>
internal sealed partial class ProofWorld
{
    private VenueFeedOptions OptionsOf(WebSocketOptions webSocket, PoolOptions pool, int legs)
    {
        var options = new VenueFeedOptions
        {
            Endpoint = new Uri("ws://venue.test"),
            Streams = [.. Venue.Streams.Select(stream => stream.Name)],
            Symbols = _symbols,
            Legs = legs,
            WebSocket = webSocket,
            Pool = pool,
        };
        foreach (var stream in Venue.Streams)
        {
            options.Catalog.Add(StreamOf(stream.Name));
        }

        return options;
    }

    private FeedStream StreamOf(string name) => new(name, _instruments[name], StreamChannel.Trade, "trade", 0);

    private readonly StreamActivity _activity = new();
    private HealthMonitor? _monitor;

    /// <summary>Changes of streams' health, with the virtual time of them.</summary>
    public List<(TimeSpan At, StreamHealth Health)> Healths { get; } = [];

    /// <summary>Streams that were asked about at the venue.</summary>
    public List<(TimeSpan At, string Stream)> Probes { get; } = [];

    /// <summary>Nobody can be asked whether a stream has more: the venue has no REST interface.</summary>
    public bool CannotProbe { get; set; }

    /// <summary>What an operator reads of connections.</summary>
    public LinesLog Log { get; } = new();

    /// <summary>Has the feed want one more stream, which was listed after it was opened, until the result is disposed of.</summary>
    public IDisposable Want(VirtualStream stream)
    {
        var wanted = StreamOf(stream.Name);
        _monitor!.Watch(wanted);
        return Feed.Subscribe(wanted);
    }

    /// <summary>Lets go of what was told, for a long test.</summary>
    public void Forget()
    {
        Events.Clear();
        Healths.Clear();
        Probes.Clear();
    }

    private VenueFeed Create(WebSocketOptions webSocket, PoolOptions pool, int legs, Random random)
    {
        var options = OptionsOf(webSocket, pool, legs);
        var gate = new ConnectGate("binance", Adapter.Limits.ConnectAttempts, Time, Metrics);
        var feed = new VenueFeed(Adapter, options, Venue, Time, Time, Metrics, random, progress: _activity, gate: gate);
        _monitor = new HealthMonitor("binance", webSocket, _activity, new Probe(this), feed, Time, Time, Metrics);
        _monitor.Changes.Subscribe(health => Healths.Add((Now, health)));
        _monitor.Attach(feed.Events);
        feed.Events.Subscribe(new ConnectionJournal(Log).Note);
        Check.Parsed = _activity.Note;
        return feed;
    }

    private void Start()
    {
        foreach (var stream in Venue.Streams)
        {
            _monitor!.Watch(StreamOf(stream.Name));
        }

        _ = Feed.StartAsync();
    }

    /// <summary>Asks the venue for its newest id, as REST would.</summary>
    private sealed class Probe(ProofWorld world) : IStreamProbe
    {
        public Task<ProbeResult> ProbeAsync(FeedStream stream, long since, CancellationToken cancellation)
        {
            world.Probes.Add((world.Now, stream.Name));
            if (world.CannotProbe)
            {
                return Task.FromResult(ProbeResult.Unknown);
            }

            var newest = world.Venue.Find(stream.Name)!;
            var seen = world.Check.Has(stream.Name) ? world.Check.Of(stream.Name).Last : newest.FirstId - 1;
            return Task.FromResult(newest.LastId > seen ? ProbeResult.Behind : ProbeResult.UpToDate);
        }
    }
}
