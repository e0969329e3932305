using Pipeline.Core.Feeds;
using Pipeline.TestKit.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Pooling;

/// <summary>
/// A venue in memory that keeps its own rules: it closes with 1008 at one message too many within a second, answers requests in order
/// 20 ms later, and takes or refuses each as a whole.
/// </summary>
internal sealed class StrictVenue
{
    public static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(20);

    private readonly TestTimeProvider _time;
    private readonly Dictionary<FakeFeedSocket, HashSet<string>> _held = [];
    private readonly HashSet<FakeFeedSocket> _dead = [];

    public StrictVenue(TestTimeProvider time, FakeFeedTransport transport)
    {
        _time = time;
        transport.Connected = socket =>
        {
            _held.Add(socket, new HashSet<string>(StringComparer.Ordinal));
            socket.OnSent = text => Receive(socket, text);
        };
    }

    /// <summary>Names that sink their request.</summary>
    public HashSet<string> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Names upon which the socket is closed.</summary>
    public HashSet<string> Closing { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a refusal is told before such a close.</summary>
    public bool TellsBeforeClosing { get; set; } = true;

    /// <summary>Share of answers that are lost on the way.</summary>
    public double Loss { get; set; }

    public Random Random { get; set; } = new(1);

    /// <summary>Times it had to close a socket for too many messages or streams.</summary>
    public int Violations { get; private set; }

    /// <summary>Sockets that are open, oldest first.</summary>
    public List<FakeFeedSocket> Open => [.. _held.Keys.Where(IsAlive)];

    /// <summary>When it last acknowledged something.</summary>
    public TimeSpan LastAnswer { get; private set; }

    /// <summary>What it sends on the sockets that are open.</summary>
    public List<string> Held => [.. Open.SelectMany(socket => _held[socket])];

    public bool Holds(FakeFeedSocket socket, string stream) => _held[socket].Contains(stream);

    public int CountOn(FakeFeedSocket socket) => _held[socket].Count;

    /// <summary>The connection breaks.</summary>
    public void Cut(FakeFeedSocket socket)
    {
        _dead.Add(socket);
        socket.Break();
    }

    /// <summary>Most messages of a socket within any second, both borders counted.</summary>
    public static int Burst(FakeFeedSocket socket)
    {
        var times = socket.Sent.ConvertAll(sent => sent.Time);
        return times.Count == 0 ? 0 : times.Max(first => times.Count(time => time >= first && time <= first + TimeSpan.FromSeconds(1)));
    }

    private bool IsAlive(FakeFeedSocket socket) =>
        !_dead.Contains(socket) && socket is { IsDisposed: false, IsAborted: false, IsClosedByClient: false, CloseStatus: null };

    private void Receive(FakeFeedSocket socket, string text)
    {
        if (Burst(socket) > 4)
        {
            Violations++;
            Close(socket, "Too many requests");
            return;
        }

        var (method, streams, id) = TestVenueAdapter.Decode(text);
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                if (IsAlive(socket))
                {
                    Answer(socket, method, streams, id);
                }
            },
            null, AnswerTime, Timeout.InfiniteTimeSpan);
    }

    private void Answer(FakeFeedSocket socket, string method, string[] streams, long id)
    {
        if (streams.Any(Closing.Contains))
        {
            if (TellsBeforeClosing)
            {
                socket.Deliver("error Invalid");
            }

            Close(socket, "Invalid request");
            return;
        }

        if (streams.Any(Refused.Contains))
        {
            socket.Deliver($"error {id} Unknown stream");
            return;
        }

        Action<string> take = method == "SUBSCRIBE" ? stream => _held[socket].Add(stream) : stream => _held[socket].Remove(stream);
        Array.ForEach(streams, take);
        if (_held[socket].Count > 1000)
        {
            Violations++;
            Close(socket, "Too many subscriptions");
            return;
        }

        LastAnswer = _time.Elapsed;
        if (Random.NextDouble() >= Loss)
        {
            socket.Deliver($"ack {id}", "data");
        }
    }

    private void Close(FakeFeedSocket socket, string text)
    {
        _dead.Add(socket);
        socket.CloseByVenue(1008, text);
    }
}
