using System.Net;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.WebSockets;
using Pipeline.Gateway.WebSockets.Subscriptions;
using Pipeline.Kafka.Reader;
using Pipeline.TestKit.Time;

namespace Pipeline.Gateway.Tests.Hub;

/// <summary>A hub without threads over a log in memory: what is posted runs at once, between two records, and time stands still until it is moved.</summary>
internal sealed class StillHub : IHub
{
    // For tests that do not look at it.
    private static readonly PipelineMetrics Unseen = new();

    private readonly List<(TopicKind Topic, KafkaRecord Record)> _unread = [];
    private readonly Queue<IHubCommand> _held = new();
    private int _read;

    public StillHub(
        MemoryLog? log = null, HubOptions? options = null, SessionOptions? sessions = null, IReadOnlyList<IRecordTap>? taps = null, TestTimeProvider? clock = null,
        GatewayLimits? limits = null, PipelineMetrics? metrics = null)
    {
        Clock = clock ?? new TestTimeProvider();
        Log = log ?? new MemoryLog();
        Log.Now = MarketTime.Now(Clock);
        State = new HubState(options ?? new HubOptions(), Clock, taps ?? [], [Board, Desk]) { Faulted = fault => throw new InvalidOperationException("A command failed.", fault) };
        Addresses = new AddressLimiter(int.MaxValue, limits ?? new GatewayLimits(), metrics ?? Unseen, Clock);
        Protocol = new WebSocketProtocol(this, Desk, () => State.Instruments, sessions ?? new SessionOptions(), Addresses, Clock);
    }

    public TestTimeProvider Clock { get; }

    public MemoryLog Log { get; private set; }

    public SubscriberDesk Desk { get; } = new();

    public BoardWriter Board { get; } = new();

    public HubState State { get; }

    public HubView View => State.View;

    public WebSocketProtocol Protocol { get; }

    public AddressLimiter Addresses { get; }

    /// <summary>True: commands wait, as in the queue of a hub that is busy, until <see cref="RunHeld"/>.</summary>
    public bool HoldsCommands { get; set; }

    /// <summary>False: commands are refused, as by a hub that has too many.</summary>
    public bool TakesCommands { get; set; } = true;

    /// <summary>Begins with the log and reads what is in it.</summary>
    public StillHub Start(int window = 10_000)
    {
        Begin(window);
        Read();
        return this;
    }

    public void Begin(int window = 10_000)
    {
        State.TakeTime();
        var beginning = Log.Beginning(window);
        State.Begin(beginning);
        var starts = beginning.Partitions.ToDictionary(one => (one.Topic, one.Partition), one => one.Start);
        _unread.Clear();
        _unread.AddRange(Log.All.Where(one => one.Record.Offset >= starts[(one.Topic, one.Record.Partition)]));
        _read = Log.All.Count;
    }

    /// <summary>Another log in the place of this one.</summary>
    public void Replace(MemoryLog log)
    {
        log.Now = MarketTime.Now(Clock);
        Log = log;
    }

    /// <summary>Takes what was written since, then a turn.</summary>
    public void Read()
    {
        for (; _read < Log.All.Count; _read++)
        {
            _unread.Add(Log.All[_read]);
        }

        foreach (var (topic, record) in _unread)
        {
            State.Take(topic, record);
        }

        _unread.Clear();
        Settle();
    }

    public void Settle()
    {
        for (var turns = 0; turns < 1000 && State.Turn() == HubWork.More; turns++)
        {
            // Until all that can be done is done.
        }
    }

    public void Advance(TimeSpan time)
    {
        Clock.Advance(time);
        Log.Now = MarketTime.Now(Clock);
        State.Tick();
        Settle();
    }

    public bool Post(IHubCommand command, bool force = false)
    {
        if (!TakesCommands && !force)
        {
            return false;
        }

        if (HoldsCommands)
        {
            _held.Enqueue(command);
        }
        else
        {
            State.Run(command);
        }

        return true;
    }

    /// <summary>Runs what waits, and takes commands at once from here on.</summary>
    public void RunHeld()
    {
        HoldsCommands = false;
        while (_held.TryDequeue(out var command))
        {
            State.Run(command);
        }

        Settle();
    }

    public TestClient Connect(long? expires = null, IPAddress? address = null) =>
        new(this, Protocol.MakeSession(new SessionInfo(address ?? IPAddress.Loopback, null, expires)));
}
