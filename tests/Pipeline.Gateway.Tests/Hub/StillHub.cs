using Pipeline.Core.Market;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.WebSockets;
using Pipeline.Gateway.WebSockets.Subscriptions;
using Pipeline.Kafka.Reader;
using Pipeline.TestKit.Time;

namespace Pipeline.Gateway.Tests.Hub;

/// <summary>A hub without threads over a log in memory: what is posted runs at once, between two records, and time stands still until it is moved.</summary>
internal sealed class StillHub : IHub
{
    private readonly List<(TopicKind Topic, KafkaRecord Record)> _unread = [];
    private int _read;

    public StillHub(MemoryLog? log = null, HubOptions? options = null, SessionOptions? sessions = null, IReadOnlyList<IRecordTap>? taps = null, TestTimeProvider? clock = null)
    {
        Clock = clock ?? new TestTimeProvider();
        Log = log ?? new MemoryLog();
        Log.Now = MarketTime.Now(Clock);
        State = new HubState(options ?? new HubOptions(), Clock, taps ?? [], [Desk]) { Faulted = fault => throw new InvalidOperationException("A command failed.", fault) };
        Protocol = new WebSocketProtocol(this, Desk, () => State.Instruments, sessions ?? new SessionOptions(), Clock);
    }

    public TestTimeProvider Clock { get; }

    public MemoryLog Log { get; private set; }

    public SubscriberDesk Desk { get; } = new();

    public HubState State { get; }

    public HubView View => State.View;

    public WebSocketProtocol Protocol { get; }

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
        if (TakesCommands || force)
        {
            State.Run(command);
            return true;
        }

        return false;
    }

    public TestClient Connect(long? expires = null) => new(this, Protocol.MakeSession(new SessionInfo(System.Net.IPAddress.Loopback, null, expires)));
}
