using System.Globalization;
using System.Text;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.Core.Feeds.Subscriptions;
using Pipeline.TestKit.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Pooling;

/// <summary>
/// Pooled connections to a scripted venue on virtual time, and a record of what they told. Data are frames such as <c>s0 17</c>.
/// </summary>
internal sealed class SlotWorld : IDisposable
{
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private readonly HashSet<FakeFeedSocket> _mute = [];
    private readonly Dictionary<FakeFeedSocket, HashSet<string>> _subscribed = [];
    private readonly List<FakeFeedSocket> _open = [];
    private long _lastId;

    public SlotWorld(
        int streams = 1,
        int legs = 1,
        int slots = 1,
        WebSocketOptions? options = null,
        IConnectGate? gate = null,
        KeepAlive? keepAlive = null,
        bool recording = true)
    {
        // Continuations shall run inline, so that what a step causes has happened when it returns. To be made inside the test method.
        SynchronizationContext.SetSynchronizationContext(null);
        Adapter = new TestVenueAdapter { KeepAlive = keepAlive };
        Transport = new FakeFeedTransport(Time) { Connected = Greet };
        Streams = [.. Enumerable.Range(0, streams).Select(i => $"s{i}")];
        var catalog = new StreamCatalog();
        foreach (var stream in Streams.Append("added"))
        {
            catalog.Add(new FeedStream(stream, null, StreamChannel.Trade, "trade", 0));
        }

        var feed = new VenueFeedOptions
        {
            Endpoint = new Uri("ws://venue.test"),
            Streams = Streams,
            Symbols = new SymbolTable(),
            Catalog = catalog,
            Legs = legs,
            WebSocket = options ?? new WebSocketOptions(),
        };
        for (var i = 1; i <= slots; i++)
        {
            var slot = new PooledConnection(
                Adapter, feed, $"{Adapter.Venue}-{i}", "", SharedSubscriptions.Alone(Time, Adapter), Transport, Market, Time, Metrics, new Random(1),
                Progress, gate);
            Slots.Add(slot);
            slot.Events.Subscribe(happened => Events.Add((Time.Elapsed, happened)));
            if (recording)
            {
                slot.Frames.Subscribe(Note, error => Error = error, () => IsCompleted = true);
            }

            slot.Subscribe(Streams);
            slot.Start();
        }
    }

    public TestTimeProvider Time { get; } = new();

    public TestTimeProvider Market { get; } = new(ConnectionWorld.MarketStart);

    public PipelineMetrics Metrics { get; } = new();

    public TestVenueAdapter Adapter { get; }

    public FakeFeedTransport Transport { get; }

    public TestProgress Progress { get; } = new();

    public List<PooledConnection> Slots { get; } = [];

    public PooledConnection Slot => Slots[0];

    public IReadOnlyList<string> Streams { get; }

    public List<(TimeSpan Time, FeedEvent Event)> Events { get; } = [];

    /// <summary>Data frames with where they came from.</summary>
    public List<(string Stream, long Id, FrameOrigin Origin, string Leg)> Data { get; } = [];

    /// <summary>Which requests the venue answers.</summary>
    public Func<FakeFeedSocket, bool> Acks { get; set; } = _ => true;

    /// <summary>Whether the venue answers text pings.</summary>
    public bool Pongs { get; set; } = true;

    /// <summary>Whether sockets from now on bring no data.</summary>
    public bool IsMute { get; set; }

    /// <summary>Told of every batch before it is noted.</summary>
    public Action<FrameBatch>? Holder { get; set; }

    public Exception? Error { get; private set; }

    public bool IsCompleted { get; private set; }

    public long LastId => _lastId;

    public IReadOnlyList<FakeFeedSocket> OpenSockets
    {
        get
        {
            _open.RemoveAll(socket => !socket.IsOpen);
            return [.. _open];
        }
    }

    public int Attempts => Transport.Attempts.Count;

    public List<T> Told<T>()
        where T : FeedEvent => [.. Events.Select(one => one.Event).OfType<T>()];

    public TimeSpan TimeOf<T>()
        where T : FeedEvent => Events.Last(one => one.Event is T).Time;

    public long Counter(string name, string detail = "") =>
        Metrics.Snapshot().Where(sample => sample.Name == name && (detail.Length == 0 || sample.Detail == detail)).Sum(sample => sample.Value);

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public void Mute(FakeFeedSocket socket) => _mute.Add(socket);

    public void Unmute(FakeFeedSocket socket) => _mute.Remove(socket);

    /// <summary>One datum of each stream (or of one) over every socket that is subscribed to it.</summary>
    public void Send(string? only = null)
    {
        _lastId++;
        foreach (var socket in OpenSockets.Where(socket => !_mute.Contains(socket)))
        {
            var streams = _subscribed[socket].Where(stream => only is null || stream == only);
            var frames = streams.Select(stream => $"{stream} {_lastId}").ToArray();
            if (frames.Length > 0)
            {
                socket.Deliver(frames);
            }
        }
    }

    /// <summary>Data at a steady pace; the last comes at the end.</summary>
    public void Flow(double seconds, double period = 0.1, string? only = null)
    {
        for (var i = 0; i < Math.Round(seconds / period); i++)
        {
            Advance(period);
            Send(only);
        }
    }

    public bool IsSubscribed(FakeFeedSocket socket) => _subscribed[socket].Count > 0;

    public void Dispose()
    {
        Metrics.Dispose();
        SynchronizationContext.SetSynchronizationContext(_context);
    }

    private void Greet(FakeFeedSocket socket)
    {
        _open.Add(socket);
        _subscribed[socket] = new HashSet<string>(StringComparer.Ordinal);
        if (IsMute)
        {
            _mute.Add(socket);
        }

        socket.OnSent = text => Answer(socket, text);
    }

    private void Answer(FakeFeedSocket socket, string text)
    {
        if (text == "ping")
        {
            if (Pongs)
            {
                // A moment later, as over any network: an answer at the instant of the question is none.
                Time.CreateTimer(_ => socket.Deliver("pong"), null, TimeSpan.FromMilliseconds(20), Timeout.InfiniteTimeSpan);
            }

            return;
        }

        if (!Acks(socket))
        {
            return;
        }

        // So long the way there and back takes.
        Time.CreateTimer(_ => Acknowledge(socket, text), null, TimeSpan.FromMilliseconds(100), Timeout.InfiniteTimeSpan);
    }

    private void Acknowledge(FakeFeedSocket socket, string text)
    {
        if (!socket.IsOpen)
        {
            return;
        }

        var (method, streams, id) = TestVenueAdapter.Decode(text);
        socket.Deliver($"ack {id}");
        if (method == "SUBSCRIBE")
        {
            _subscribed[socket].UnionWith(streams);
        }
        else
        {
            _subscribed[socket].ExceptWith(streams);
        }
    }

    private void Note(FrameBatch batch)
    {
        Holder?.Invoke(batch);
        for (var i = 0; i < batch.Count; i++)
        {
            var words = Encoding.UTF8.GetString(batch[i]).Split(' ');
            if (words[0] is "ack" or "pong")
            {
                continue;
            }

            var id = long.Parse(words[1], CultureInfo.InvariantCulture);
            Data.Add((words[0], id, batch.Origin, batch.Source.Connection));
            Progress.Note(words[0], id, batch.Origin.Socket);
        }
    }
}
