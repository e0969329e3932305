using System.Collections.Concurrent;
using System.Text.Json;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Market;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Simulator;

namespace Pipeline.Tests.Venues.Acceptance;

/// <summary>
/// A venue's feed over real sockets against the simulator, and everything it said. The simulator's clock stands still except inside
/// <see cref="UntilAsync(Func{bool})"/>, which moves it on until something has happened.
/// </summary>
internal sealed class AcceptanceWorld : IAsyncDisposable
{
    private static readonly TimeSpan MarketStep = TimeSpan.FromMilliseconds(50);

    // Far below an acknowledgement's deadline, and a venue's patience with idle connections: no clock may overtake the sockets.
    private static readonly TimeSpan SettleStep = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan FeedStep = TimeSpan.FromMilliseconds(5);

    private readonly AcceptanceVenue _venue;
    private readonly PipelineMetrics _metrics = new();
    private readonly TestTimeProvider? _time;

    private AcceptanceWorld(AcceptanceVenue venue, Simulation simulation, IReadOnlyList<string>? streams, PoolOptions pool, TestTimeProvider? time)
    {
        _venue = venue;
        _time = time;
        Simulation = simulation;
        Instruments = Register(venue);
        foreach (var instrument in Instruments)
        {
            Symbols.Add(instrument);
        }

        Feed = new VenueFeed(
            venue.Adapter,
            new VenueFeedOptions
            {
                Endpoint = venue.Address(simulation.Host)!,
                Streams = streams ?? StreamsOf([.. venue.Adapter.Channels]),
                Symbols = Symbols,
                WebSocket = new WebSocketOptions { ReconnectDelay = TimeSpan.FromMilliseconds(20) },
                Pool = pool,
            },
            new ClientWebSocketTransport(), TimeProvider.System, time ?? TimeProvider.System, _metrics);
        Feed.Frames.Subscribe(Parse);
        Feed.Events.Subscribe(Events.Enqueue);
    }

    public Simulation Simulation { get; }

    public VenueFeed Feed { get; }

    public SymbolTable Symbols { get; } = new();

    public IReadOnlyList<Instrument> Instruments { get; }

    public ConcurrentQueue<FeedEvent> Events { get; } = new();

    /// <summary>What became of requests, in order.</summary>
    public IEnumerable<SubscriptionOutcome> Outcomes => Events.OfType<StreamsSettled>().Select(settled => settled.Outcome);

    public ConcurrentQueue<VenueTrade> Trades { get; } = new();

    public ConcurrentQueue<VenueBookUpdate> Books { get; } = new();

    /// <summary>Reasons of dead letters.</summary>
    public ConcurrentQueue<string> DeadLetters { get; } = new();

    /// <summary>Records by channel.</summary>
    public ConcurrentDictionary<StreamChannel, int> Records { get; } = new();

    public int ControlFrames { get; private set; }

    /// <summary>Dead letters that <see cref="FlushAsync"/> made.</summary>
    public int Flushed { get; private set; }

    /// <param name="streams">Null = all the adapter has, of all instruments.</param>
    /// <param name="time">Clock of the feed's own deadlines, moved on in waits as well; the machine's by default.</param>
    public static async Task<AcceptanceWorld> StartAsync(
        AcceptanceVenue venue, IReadOnlyList<string>? streams = null, PoolOptions? pool = null, TestTimeProvider? time = null)
    {
        var simulation = await Simulation.StartAsync(AcceptanceVenue.Simulator);
        var world = new AcceptanceWorld(venue, simulation, streams, pool ?? new PoolOptions(), time);
        await world.Feed.StartAsync();
        return world;
    }

    /// <summary>The venue's names of streams, of all its candle intervals too.</summary>
    public static IReadOnlyList<string> StreamsOf(AcceptanceVenue venue, params StreamChannel[] channels)
    {
        var adapter = venue.Adapter;
        var options = new ChannelOptions(venue.TradeSource, adapter.CandleIntervals);
        return
        [
            .. channels.SelectMany(channel => Register(venue).SelectMany(instrument => adapter.StreamNames(instrument, channel, options)))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    public Task ReadyAsync() => SettleAsync(() => Feed.Ready.IsCompletedSuccessfully);

    /// <summary>Waits for what connections and requests do.</summary>
    public Task SettleAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()), SettleStep);

    /// <summary>Waits for what the market does.</summary>
    public Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()), MarketStep);

    /// <summary>Moves the clocks on, a little at a time, until the condition holds.</summary>
    /// <param name="step">How far the market goes at a time; zero lets both clocks stand still.</param>
    public async Task UntilAsync(Func<Task<bool>> condition, TimeSpan step)
    {
        using var limit = new CancellationTokenSource(RealTime.Bound);
        while (!await condition())
        {
            Simulation.Clock.Advance(step);
            _time?.Advance(step > TimeSpan.Zero ? FeedStep : TimeSpan.Zero);

            // Not a wait for something to be over: sockets and their threads need the processor too.
            await Task.Delay(1, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.False(limit.IsCancellationRequested, $"It did not happen within {RealTime.Bound.TotalSeconds} s.\n{Describe()}");
        }
    }

    /// <summary>
    /// Waits until every frame sent so far has been read, and the connections have taken note of it, while both clocks stand still: sends
    /// a dead letter behind them, for a connection reads one after the other.
    /// </summary>
    public async Task FlushAsync()
    {
        Flushed += Feed.Statistics.TotalConnections;
        await Simulation.PostAsync("/frames", "flush"u8.ToArray());
        await UntilAsync(() => Task.FromResult(DeadLetters.Count >= Flushed), TimeSpan.Zero);
    }

    /// <summary>The trades that were made of an instrument, by id.</summary>
    public async Task<IReadOnlyDictionary<long, JsonElement>> TruthAsync(Instrument instrument)
    {
        var answer = await Simulation.GetAsync($"/truth/trades?venue={instrument.Venue}&symbol={instrument.Symbol}&limit=100000");
        return answer.GetProperty("trades").EnumerateArray().ToDictionary(trade => trade.GetProperty("id").GetInt64());
    }

    public async ValueTask DisposeAsync()
    {
        await Feed.DisposeAsync();
        await Simulation.DisposeAsync();
        _metrics.Dispose();
    }

    private static IReadOnlyList<Instrument> Register(AcceptanceVenue venue)
    {
        var (adapter, registry) = (venue.Adapter, new InstrumentRegistry());
        var rules = adapter.RulesFor(venue.TradeSource);
        return [.. venue.Instruments.Select(id => registry.GetOrAdd(adapter.Venue, id, adapter.SymbolOf(id)!, rules))];
    }

    private IReadOnlyList<string> StreamsOf(params StreamChannel[] channels) => StreamsOf(_venue, channels);

    private void Parse(FrameBatch frames)
    {
        var batch = new VenueBatch();
        _venue.Adapter.Parser.Parse(frames, batch);
        ControlFrames += batch.ControlFrames;
        Keep(batch.Trades, Trades);
        Keep(batch.BookUpdates, Books);
        foreach (var letter in batch.DeadLetters.Span)
        {
            DeadLetters.Enqueue(letter.Reason);
        }

        Count(StreamChannel.Trade, batch.Trades.Count);
        Count(StreamChannel.Quote, batch.Quotes.Count);
        Count(StreamChannel.Book, batch.BookUpdates.Span.ToArray().Count(update => update.Kind != BookUpdateKind.Partial));
        Count(StreamChannel.PartialBook, batch.BookUpdates.Span.ToArray().Count(update => update.Kind == BookUpdateKind.Partial));
        Count(StreamChannel.VenueCandle, batch.Candles.Count);
        Count(StreamChannel.Ticker, batch.Tickers.Count);
        Count(StreamChannel.MarkPrice, batch.MarkPrices.Count);
        Count(StreamChannel.Funding, batch.FundingRates.Count);
        Count(StreamChannel.Liquidation, batch.Liquidations.Count);
        Count(StreamChannel.Price, batch.PriceTicks.Count);
    }

    private static void Keep<T>(ValueList<T> records, ConcurrentQueue<T> into)
    {
        foreach (var record in records.Span)
        {
            into.Enqueue(record);
        }
    }

    private void Count(StreamChannel channel, int records)
    {
        if (records > 0)
        {
            Records.AddOrUpdate(channel, records, (_, before) => before + records);
        }
    }

    private string Describe() =>
        $"records: {string.Join(", ", Records)}; control {ControlFrames}; dead letters: {string.Join(", ", DeadLetters.Take(5))}\n"
        + string.Join('\n', Feed.Statistics.Connections) + '\n' + string.Join('\n', Events.TakeLast(20));
}
