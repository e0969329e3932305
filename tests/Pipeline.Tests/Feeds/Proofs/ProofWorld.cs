using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit.Feeds.Virtual;
using Pipeline.TestKit.Time;
using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>
/// A whole feed of Binance spot against a venue made of memory, on virtual time and one thread, its frames checked against what the venue
/// made. To be used inside <see cref="Run"/>.
/// </summary>
internal sealed partial class ProofWorld : IDisposable
{
    /// <summary>Step in which conditions are looked for.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly VirtualPump _pump;
    private readonly Dictionary<string, VirtualStream> _bySymbol = new(StringComparer.Ordinal);
    private readonly SymbolTable _symbols = new();
    private readonly InstrumentRegistry _registry = new();
    private readonly Dictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private VenueFeed? _feed;

    private ProofWorld(VirtualPump pump, VirtualVenueOptions? options)
    {
        _pump = pump;
        Time.Fired = pump.Drain;
        Venue = new VirtualVenue(Time, options);
        Check = new FrameCheck(Time, _symbols, _bySymbol);
    }

    public TestTimeProvider Time { get; } = new();

    public VirtualVenue Venue { get; }

    public BinanceSpotAdapter Adapter { get; } = new();

    public PipelineMetrics Metrics { get; } = new();

    public FrameCheck Check { get; }

    public VenueFeed Feed => _feed ?? throw new InvalidOperationException("Open comes first.");

    /// <summary>What the feed told, with the virtual time of it.</summary>
    public List<(TimeSpan At, FeedEvent Event)> Events { get; } = [];

    public TimeSpan Now => Time.Elapsed;

    public IEnumerable<ConnectionLost> Losses => Events.Select(one => one.Event).OfType<ConnectionLost>().Where(lost => lost.Info.WasConnected);

    public IEnumerable<ConnectionOpened> Openings => Events.Select(one => one.Event).OfType<ConnectionOpened>();

    public static void Run(Action<ProofWorld> test, VirtualVenueOptions? options = null)
    {
        var pump = new VirtualPump();
        pump.Run(() =>
        {
            using var world = new ProofWorld(pump, options);
            test(world);
        });
    }

    /// <summary>Lists so many streams of one interval and has the feed want them.</summary>
    public List<VirtualStream> List(string prefix, int count, TimeSpan interval, bool isRegular = true) =>
        [.. Enumerable.Range(1, count).Select(i => List($"{prefix}{i:D5}usdt@trade", interval, isRegular))];

    /// <summary>Opens the feed with everything that is listed; its first connection is under way when this returns.</summary>
    public void Open(WebSocketOptions? webSocket = null, PoolOptions? pool = null, int legs = 1, int seed = 1)
    {
        _feed = Create(webSocket ?? new WebSocketOptions(), pool ?? new PoolOptions(), legs, new Random(seed));
        _feed.Frames.Subscribe(Check.Take);
        _feed.Events.Subscribe(one => Events.Add((Now, one)));
        Start();
        _pump.Drain();
    }

    /// <summary>As <see cref="Open"/>, and returns when every stream is confirmed; tells how long that took.</summary>
    public TimeSpan OpenAndWait(WebSocketOptions? webSocket = null, PoolOptions? pool = null, int legs = 1, int seed = 1)
    {
        var start = Now;
        Open(webSocket, pool, legs, seed);
        Until(() => Feed.Ready.IsCompleted, TimeSpan.FromMinutes(5), "everything is confirmed");
        return Now - start;
    }

    public void Advance(TimeSpan time)
    {
        _pump.Drain();
        Time.Advance(time);
        _pump.Drain();
    }

    public void Advance(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Does something to the world from outside, and lets what it causes at once happen.</summary>
    public void Do(Action action)
    {
        action();
        Advance(TimeSpan.Zero);
    }

    /// <summary>Advances until the condition holds; tells how long that took.</summary>
    public TimeSpan Until(Func<bool> condition, TimeSpan atMost, string what)
    {
        var start = Now;
        while (!condition())
        {
            if (Now - start >= atMost)
            {
                Assert.Fail($"not within {atMost}: {what}. {Story()}");
            }

            Advance(Step);
        }

        return Now - start;
    }

    /// <summary>
    /// Waits for something that needs no more virtual time, only a thread of the pool that has to come round: what
    /// <see cref="Task.WhenAll(Task[])"/> is told from there does not pass the pump.
    /// </summary>
    public void Await(Task task, string what)
    {
        for (var started = Environment.TickCount64; !task.IsCompleted && Environment.TickCount64 - started < RealTime.Bound.TotalMilliseconds;)
        {
            // What comes of that thread may have to pass the pump first: neither can be waited for alone.
            _pump.Drain();
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne(1);
        }

        Assert.True(task.IsCompletedSuccessfully, $"not so: {what}. {Story()}");
    }

    /// <summary>When the first new trade of a stream came after <paramref name="since"/>, from now on.</summary>
    public TimeSpan UntilData(string stream, TimeSpan since, TimeSpan atMost) =>
        Until(() => Check.Has(stream) && Check.Of(stream).LastNewAt > since, atMost, $"data of {stream}");

    public void Dispose()
    {
        if (_feed is not null)
        {
            var closing = _feed.DisposeAsync().AsTask();
            Advance(10);
            Await(closing, "the feed ends");
        }

        Venue.Dispose();
        Metrics.Dispose();
    }

    /// <summary>The last that was told and what the venue has seen, for a test that fails.</summary>
    private string Story() =>
        $"It is {Now}; {Venue.Attempts.Count} attempts, {Venue.Connects} connects, open {string.Join(" ", Venue.Open.Select(socket => $"{socket.Number}:{socket.Streams}"))}, "
        + $"ends {string.Join(", ", Venue.Ends)}, {string.Join("; ", Venue.Violations.TakeLast(3))}\n"
        + string.Join('\n', Events.TakeLast(12).Select(one => $"{one.At} {one.Event}"));

    private VirtualStream List(string name, TimeSpan interval, bool isRegular)
    {
        var stream = Venue.List(name, interval, isRegular);
        var id = stream.Symbol.Replace("USDT", "-USDT", StringComparison.Ordinal);
        var instrument = _registry.GetOrAdd("binance", id, stream.Symbol);
        _instruments.Add(name, instrument);
        _symbols.Add(instrument);
        _bySymbol.Add(stream.Symbol, stream);
        return stream;
    }
}
