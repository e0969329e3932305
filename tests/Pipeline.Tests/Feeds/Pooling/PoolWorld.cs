using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.TestKit.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Pooling;

/// <summary>A feed against a strict venue on virtual time, and a record of what it told.</summary>
internal sealed class PoolWorld : IDisposable
{
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;

    public PoolWorld(PoolOptions? pool = null, IReadOnlyList<string>? streams = null, VenueLimits? limits = null, StreamCatalog? catalog = null)
    {
        // See ConnectionWorld: continuations run inline.
        SynchronizationContext.SetSynchronizationContext(null);
        Adapter = limits is null ? new TestVenueAdapter() : new TestVenueAdapter { Limits = limits };
        Transport = new FakeFeedTransport(Time);
        Venue = new StrictVenue(Time, Transport);
        Feed = new VenueFeed(
            Adapter,
            new VenueFeedOptions
            {
                Endpoint = new Uri("ws://venue.test"),
                Streams = streams ?? [],
                Symbols = new SymbolTable(),
                Pool = pool ?? new PoolOptions(),
                Catalog = catalog ?? new StreamCatalog(),
            },
            Transport, new TestTimeProvider(ConnectionWorld.MarketStart), Time, Metrics, new Random(1));
        Feed.Events.Subscribe(Events.Add);
        Feed.Frames.Subscribe(Note);
        Feed.StartAsync();
    }

    public TestTimeProvider Time { get; } = new();

    public PipelineMetrics Metrics { get; } = new();

    public TestVenueAdapter Adapter { get; }

    public FakeFeedTransport Transport { get; }

    public StrictVenue Venue { get; }

    public VenueFeed Feed { get; }

    public List<FeedEvent> Events { get; } = [];

    /// <summary>Frames of the streams that <see cref="Send"/> sent, with where they came from.</summary>
    public List<(string Text, string Leg, FrameOrigin Origin)> Data { get; } = [];

    /// <summary>Streams that failed, with why, in order.</summary>
    public List<string> Failures =>
        [.. Events.OfType<StreamsSettled>().Where(one => !one.Outcome.IsConfirmed).SelectMany(one => one.Outcome.Streams.Select(stream => $"{stream}: {one.Outcome.Reason}"))];

    public int Requests => Transport.Sockets.Sum(socket => socket.Sent.Count);

    public static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"s{i:00000}")];

    public static FeedStream Stream(string name, int rank = 0, int? legs = null) => new(name, null, StreamChannel.Trade, "trade", rank) { Legs = legs };

    public IDisposable Subscribe(string name, int rank = 0) => Feed.Subscribe(Stream(name, rank));

    /// <summary>One datum of a stream over every socket that has it; returns how many do.</summary>
    public int Send(string stream, long id)
    {
        var sockets = Venue.Open.FindAll(socket => Venue.Holds(socket, stream));
        sockets.ForEach(socket => socket.Deliver($"{stream} {id}"));
        return sockets.Count;
    }

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public long Counter(string name, string detail) =>
        Metrics.Snapshot().Where(sample => sample.Name == name && sample.Detail == detail).Sum(sample => sample.Value);

    public void Dispose()
    {
        Metrics.Dispose();
        SynchronizationContext.SetSynchronizationContext(_context);
    }

    private void Note(FrameBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var text = System.Text.Encoding.UTF8.GetString(batch[i]);
            if (text.StartsWith('s'))
            {
                Data.Add((text, batch.Source.Connection, batch.Origin));
            }
        }
    }
}
