using System.Text;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.TestKit.Time;

namespace Pipeline.TestKit.Feeds.Virtual;

/// <summary>
/// A venue made of memory that speaks Binance spot's dialect, keeps its limits and misbehaves on command, on virtual time: what a year
/// costs is what happens in it. It knows every trade it made, so that what a client received can be held against it. Of one thread.
/// </summary>
public sealed class VirtualVenue : IFeedTransport, IDisposable
{
    private readonly TestTimeProvider _time;
    private readonly Dictionary<string, VirtualStream> _streams = new(StringComparer.Ordinal);
    private readonly List<VirtualSocket> _open = [];
    private readonly Queue<TimeSpan> _recentAttempts = new();
    private readonly SortedDictionary<string, int> _ends = new(StringComparer.Ordinal);

    public VirtualVenue(TestTimeProvider time, VirtualVenueOptions? options = null)
    {
        _time = time;
        Options = options ?? new VirtualVenueOptions();
        Random = new Random(Options.Seed);
        Agenda = new VirtualAgenda(time);
    }

    public VirtualVenueOptions Options { get; }

    public IReadOnlyCollection<VirtualStream> Streams => _streams.Values;

    /// <summary>Connections that are open, oldest first.</summary>
    public IReadOnlyList<VirtualSocket> Open => _open;

    /// <summary>Times of all attempts to connect, refused ones too.</summary>
    public List<TimeSpan> Attempts { get; } = [];

    /// <summary>Connections opened so far.</summary>
    public int Connects { get; private set; }

    /// <summary>How connections ended, and how often: <c>cut</c>, <c>client</c>, <c>aborted</c>, or code and text of our close.</summary>
    public IReadOnlyDictionary<string, int> Ends => _ends;

    /// <summary>Requests received.</summary>
    public long Requests { get; private set; }

    /// <summary>Frames sent: data, answers, notices.</summary>
    public long FramesSent { get; private set; }

    /// <summary>What a real venue would have punished.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Runs for every connection before its client has it.</summary>
    public Action<VirtualSocket>? Opened { get; set; }

    /// <summary>Attempts to connect find nobody.</summary>
    public bool RefusesConnects { get; set; }

    /// <summary>Attempts to connect are neither taken nor refused.</summary>
    public bool HangsConnects { get; set; }

    /// <summary>No trades are made: the market is closed.</summary>
    public bool IsHalted { get; set; }

    /// <summary>Trades are made, and no connection gets them.</summary>
    public bool IsMute { get; set; }

    /// <summary>Subscriptions made while this is so are confirmed, and nothing comes on them.</summary>
    public bool AcksWithoutData { get; set; }

    /// <summary>So many of the next requests are thrown away.</summary>
    public int SwallowRequests { get; set; }

    /// <summary>So many of the next requests are carried out and not answered.</summary>
    public int SwallowAcks { get; set; }

    /// <summary>Share of requests that are carried out and not answered, by the seed.</summary>
    public double LostAcks { get; set; }

    internal VirtualAgenda Agenda { get; }

    internal Random Random { get; }

    internal TimeSpan Now => _time.Elapsed;

    internal int StreamCount => _streams.Count;

    internal long ClockMilliseconds => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Lists a stream of trades, such as <c>btcusdt@trade</c>.</summary>
    /// <param name="interval">Time between two trades.</param>
    /// <param name="isRegular">Always this time; else at random, with this mean.</param>
    public VirtualStream List(string name, TimeSpan interval, bool isRegular = false)
    {
        var stream = new VirtualStream(this, name, interval, isRegular);
        _streams.Add(name, stream);

        // Regular ones do not all trade in the same instant either.
        Agenda.In(isRegular ? Random.NextDouble() * interval : stream.Wait(), stream);
        return stream;
    }

    /// <summary>Null when nothing is listed under this name.</summary>
    public VirtualStream? Find(string name) => _streams.GetValueOrDefault(name);

    /// <summary>Something the test wants done at a later time.</summary>
    public void After(TimeSpan wait, Action action) => Agenda.In(wait, action);

    /// <summary>Does something now and then, at random, for as long as the venue lives.</summary>
    public void NowAndThen(TimeSpan mean, Action action)
    {
        Agenda.In(-Math.Log(1 - Random.NextDouble()) * mean, () =>
        {
            action();
            NowAndThen(mean, action);
        });
    }

    /// <summary>One of the open connections, by the seed; null when none is.</summary>
    public VirtualSocket? Any() => _open.Count == 0 ? null : _open[Random.Next(_open.Count)];

    /// <summary>The venue is gone: all connections break, and none can be opened until <see cref="ComeBack"/>.</summary>
    public void GoAway()
    {
        RefusesConnects = true;
        CutAll();
    }

    public void ComeBack() => RefusesConnects = false;

    public void CutAll()
    {
        foreach (var socket in _open.ToList())
        {
            socket.Cut();
        }
    }

    /// <summary>Tells all connections at once that they will be closed.</summary>
    public void AnnounceShutdown(TimeSpan closeAfter)
    {
        foreach (var socket in _open.ToList())
        {
            socket.Announce(closeAfter);
        }
    }

    public Task<IFeedSocket> ConnectAsync(Uri address, WebSocketOptions options, CancellationToken cancellation)
    {
        Attempts.Add(Now);
        _recentAttempts.Enqueue(Now);
        while (Now - _recentAttempts.Peek() >= Options.AttemptsPeriod)
        {
            _recentAttempts.Dequeue();
        }

        var attempt = new TaskCompletionSource<IFeedSocket>();
        var registration = cancellation.Register(() => attempt.TrySetCanceled(cancellation));
        if (!HangsConnects)
        {
            var isTooMany = _recentAttempts.Count > Options.MaxAttempts;
            Agenda.In(Options.ConnectTime, () =>
            {
                registration.Dispose();
                Answer(attempt, address, isTooMany);
            });
        }

        return attempt.Task;
    }

    public void Dispose() => Agenda.Dispose();

    internal void Count(VirtualSocket socket)
    {
        _ = socket;
        Requests++;
    }

    internal void CountSent() => FramesSent++;

    internal void Blame(string what) => Violations.Add($"{Now}: {what}");

    internal void Ended(VirtualSocket socket, string how)
    {
        _open.Remove(socket);
        _ends[how] = _ends.GetValueOrDefault(how) + 1;
    }

    /// <summary>Reads a request and answers it a little later.</summary>
    internal void Take(VirtualSocket socket, ReadOnlyMemory<byte> message)
    {
        if (message.Length > Options.MaxRequestBytes)
        {
            Blame($"a request of {message.Length} bytes on connection {socket.Number}");
            return;
        }

        if (SwallowRequests > 0)
        {
            SwallowRequests--;
            return;
        }

        if (!TryRead(message.Span, out var request))
        {
            Blame($"an unreadable request on connection {socket.Number}");
            socket.Close(1008, "Invalid request");
            return;
        }

        foreach (var name in request.Names)
        {
            if (request.IsSubscribe && !socket.Subscribe(name))
            {
                Blame($"more than {Options.MaxStreams} streams on connection {socket.Number}");
                socket.Close(1008, "Too many streams");
                return;
            }

            if (!request.IsSubscribe)
            {
                socket.Unsubscribe(name);
            }
        }

        if (SwallowAcks > 0)
        {
            SwallowAcks--;
        }
        else if (LostAcks == 0 || Random.NextDouble() >= LostAcks)
        {
            Agenda.In(Options.AckTime, () => socket.Send(Encoding.ASCII.GetBytes($"{{\"result\":null,\"id\":{request.Id}}}")));
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> message, out (bool IsSubscribe, List<string> Names, long Id) request)
    {
        request = (false, [], 0);
        try
        {
            var json = new Utf8JsonReader(message);
            using var document = JsonDocument.ParseValue(ref json);
            var root = document.RootElement;
            request.IsSubscribe = root.GetProperty("method").GetString() == "SUBSCRIBE";
            request.Names = [.. root.GetProperty("params").EnumerateArray().Select(name => name.GetString()!)];
            request.Id = root.GetProperty("id").GetInt64();
            return true;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private void Answer(TaskCompletionSource<IFeedSocket> attempt, Uri address, bool isTooMany)
    {
        if (attempt.Task.IsCompleted)
        {
            return;
        }

        if (RefusesConnects)
        {
            attempt.TrySetException(new FeedConnectException(DisconnectionReason.Refused, "nobody listens"));
            return;
        }

        if (isTooMany)
        {
            Blame($"more than {Options.MaxAttempts} attempts in {Options.AttemptsPeriod}");
            attempt.TrySetException(new FeedConnectException(DisconnectionReason.Handshake, "too many attempts", 429));
            return;
        }

        var socket = new VirtualSocket(this, ++Connects, address);
        _open.Add(socket);
        Agenda.In(Options.MaxAge, new Expiry(socket));
        Opened?.Invoke(socket);
        attempt.TrySetResult(socket);
    }

    /// <summary>Holds the connection weakly: a year has many that end long before their time.</summary>
    private sealed class Expiry(VirtualSocket socket) : IVirtualEvent
    {
        private readonly WeakReference<VirtualSocket> _socket = new(socket);

        public void Happen()
        {
            if (_socket.TryGetTarget(out var expired))
            {
                expired.Close(1001, "24 hours are over");
            }
        }
    }
}
