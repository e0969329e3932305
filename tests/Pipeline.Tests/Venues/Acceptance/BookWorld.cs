using System.Collections.Concurrent;
using System.Text.Json;
using Pipeline.Core.Books;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Collecting;
using Pipeline.Host.Venues;
using Pipeline.Simulator;
using Pipeline.Tests.Simulator;

namespace Pipeline.Tests.Venues.Acceptance;

/// <summary>
/// A venue's books from the simulator's sockets to a sink, recovered as the collector recovers them. The market's clock, which is the
/// books' too, stands still except inside <see cref="UntilAsync"/>.
/// </summary>
internal sealed class BookWorld : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Coins = ["BTC", "ETH", "SOL", "BNB", "XRP", "ADA", "LTC"];

    private readonly BookVenueCase _venue;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly PipelineMetrics _metrics = new();
    private readonly PipelineGraph _graph;
    private readonly BookRecovery _recovery;
    private readonly ConcurrentDictionary<(string Symbol, long Id, long Time), long> _changes = new();
    private readonly ConcurrentQueue<string> _failures = new();

    private BookWorld(BookVenueCase venue, Simulation simulation)
    {
        _venue = venue;
        Simulation = simulation;
        var parts = KnownVenues.Of(venue.Venue);
        var address = venue.Address(simulation.Host)!;
        var rest = new UriBuilder(address) { Scheme = "http" }.Uri;
        var options = new VenueOptions
        {
            Name = venue.Venue,
            WebSocketEndpoint = address,
            RestEndpoint = rest,
            Instruments = [],
            Channels = [StreamChannel.Book],
            TradeSource = parts.Adapter.TradeSources[0],
        };
        Instruments = Register(parts.Adapter, options.TradeSource);
        var plan = PlanOf(new VenueAccess(options, parts.Adapter, parts.Rest!(_http, rest, TimeProvider.System, _metrics)));

        // Nothing but a rebuilt book may bring a full record, and a slow machine must not look like an answer that never came.
        var books = new BookOptions
        {
            SnapshotInterval = TimeSpan.FromHours(1),
            TrustedSilence = TimeSpan.FromHours(1),
            AnswerTimeout = TimeSpan.FromMinutes(5),
            MaxPause = TimeSpan.FromSeconds(20),
        };
        _recovery = new BookRecovery(books, simulation.Clock, _metrics);
        Sink = new BookTruthSink(simulation.Host.World!, books.Depth, ChangeOf, venue.UnitsPerBase);
        _graph = new PipelineGraph(
            new GraphOptions(), new CandleOptions(), instrument => instrument.Index, Sink, _metrics, simulation.Clock, books, _recovery.Snapshots);
        Feed = new VenueFeed(
            parts.Adapter,
            new VenueFeedOptions
            {
                Endpoint = address,
                Streams = [.. plan.Streams.Select(stream => stream.Name)],
                Symbols = plan.Symbols,
                WebSocket = new WebSocketOptions { ReconnectDelay = TimeSpan.FromMilliseconds(20) },
                Pool = new PoolOptions { BatchDelay = TimeSpan.FromMilliseconds(1) },
            },
            new ClientWebSocketTransport(), simulation.Clock, TimeProvider.System, _metrics);
        var channels = new ChannelOptions(options.TradeSource, []);
        Assert.True(_recovery.Add(
            plan.Adapter, channels, plan.Symbols, plan.Venue.Rest, Feed.Resubscribe, _graph, failure => _failures.Enqueue(failure.Message)));
        if (venue.CountsPushes)
        {
            Feed.Frames.Subscribe(NoteChanges);
        }

        Feed.Frames.Subscribe(_graph.Take);
    }

    public Simulation Simulation { get; }

    public VenueFeed Feed { get; }

    public BookTruthSink Sink { get; }

    public IReadOnlyList<Instrument> Instruments { get; }

    public bool AllValid => _metrics.BooksIn(_venue.Venue, "valid") == Instruments.Count;

    public static async Task<BookWorld> StartAsync(BookVenueCase venue)
    {
        var simulation = await Simulation.StartAsync(venue.Serve(Simulation.Options with
        {
            Symbols = [.. Coins.Select(coin => Simulation.Btc with { Instrument = $"{coin}-USDT" })],
            TradesPerSecond = 20,
            QuotesPerSecond = 30,
        }));
        var world = new BookWorld(venue, simulation);
        await world.Feed.StartAsync();
        await world.UntilAsync(() => world.AllValid);
        await world.SettleAsync();
        return world;
    }

    /// <summary>A figure of the books: <c>recoveries</c> by reason or <c>snapshots</c> by outcome; of all of them without one.</summary>
    public long Figure(string name, string? detail = null) => _metrics.Snapshot()
        .Where(sample => sample.Name == $"pipeline.books.{name}" && sample.Tag == _venue.Venue && (detail ?? sample.Detail) == sample.Detail)
        .Sum(sample => sample.Value);

    /// <summary>Moves the market on, a little at a time, until the condition holds.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(RealTime.Bound);
        while (!condition())
        {
            if (_graph.Inside < 4)
            {
                Simulation.Clock.Advance(Step);
            }

            // Not a wait for something to be over: sockets and their threads need the processor too.
            await Task.Delay(1, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.False(_graph.Completion.IsCompleted, "The graph has ended.");
            Assert.False(limit.IsCancellationRequested, $"It did not happen within {RealTime.Bound.TotalSeconds} s.\n{Describe()}");
        }
    }

    /// <summary>Waits until the sink has what the books have said, while the market stands still.</summary>
    public async Task SettleAsync()
    {
        using var limit = new CancellationTokenSource(RealTime.Bound);
        while (_graph.Inside > 0)
        {
            await Task.Delay(1, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Feed.DisposeAsync();
        await _recovery.DisposeAsync();
        await _graph.DisposeAsync();
        await Simulation.DisposeAsync();
        _http.Dispose();
        _metrics.Dispose();
    }

    public string Describe() => string.Join(
        '\n',
        [
            .. _metrics.Snapshot().Where(sample => sample.Name.Contains("books", StringComparison.Ordinal)).Select(sample => sample.ToString()),
            .. Feed.Statistics.Connections.Select(connection => connection.ToString()),
            .. _failures.TakeLast(5),
            .. Sink.Faults,
        ]);

    private List<Instrument> Register(IVenueAdapter adapter, string tradeSource)
    {
        var (registry, rules) = (new InstrumentRegistry(), adapter.RulesFor(tradeSource));
        return [.. Coins.Select(coin => $"{coin}-USDT{_venue.Suffix}").Concat(_venue.More)
            .Select(id => registry.GetOrAdd(adapter.Venue, id, adapter.SymbolOf(id)!, rules))];
    }

    private VenuePlan PlanOf(VenueAccess venue)
    {
        var symbols = new SymbolTable();
        foreach (var instrument in Instruments)
        {
            symbols.Add(instrument);
        }

        return new VenuePlan(
            venue,
            new VenueListing(
                InstrumentDirectory.OfNames(venue.Name, Instruments.Select(instrument => instrument.Id), venue.Adapter.SymbolOf), null),
            [],
            symbols,
            Instruments,
            StreamPlan.Of(venue, Instruments),
            [],
            []);
    }

    private long ChangeOf(OrderBookUpdate record) =>
        _venue.CountsPushes ? _changes[(record.Instrument.Symbol, record.LastUpdateId, record.EventTime / 1000)] : record.LastUpdateId;

    /// <summary>Bybit counts pushes; the number that all its streams share is the simulator's own.</summary>
    private void NoteChanges(FrameBatch frames)
    {
        for (var i = 0; i < frames.Count; i++)
        {
            using var frame = JsonDocument.Parse(frames[i].ToArray());
            if (frame.RootElement.TryGetProperty("data", out var data) && data.TryGetProperty("seq", out var change))
            {
                var time = frame.RootElement.GetProperty("cts").GetInt64();
                _changes[(data.GetProperty("s").GetString()!, data.GetProperty("u").GetInt64(), time)] = change.GetInt64();
            }
        }
    }
}
