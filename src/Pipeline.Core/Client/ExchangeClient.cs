using System.Reactive.Disposables;
using System.Reactive.Linq;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;

namespace Pipeline.Core.Client;

/// <summary>
/// One exchange for a .NET program, without Kafka: the collector's own connections, parsers, sequencing and candles behind a face of hot
/// observables. Several who watch the same thing share one subscription at the exchange; it ends half a minute after the last has left.
/// <para>
/// Observables never fail, and complete when the client is disposed of. They are pushed on the client's own threads: an observer that is
/// slow slows its instrument's lane and in the end the socket, it loses nothing. Trades come once and in order; where some are
/// missing, the later ones wait a moment for them. What comes later than that says so by <see cref="Trade.Source"/>, and the first trade
/// behind it by <see cref="Trade.AfterGap"/>.
/// </para>
/// </summary>
public sealed class ExchangeClient : IAsyncDisposable
{
    private readonly IVenueAdapter _adapter;
    private readonly ChannelOptions _channels;
    private readonly InstrumentRegistry _instruments = new();
    private readonly SymbolTable _symbols = new();
    private readonly StreamCatalog _catalog = new();
    private readonly PipelineMetrics _metrics = new();
    private readonly WatchSink _sink;
    private readonly PipelineGraph _graph;
    private readonly ConnectGate _gate;
    private readonly VenueFeed _feed;
    private readonly BookRecovery _books;
    private readonly TradeRepairs? _repairs;
    private readonly Lazy<Task> _start;

    /// <param name="adapter">The exchange, such as <c>new BinanceSpotAdapter()</c>.</param>
    /// <param name="time">Stamps arrival and runs deadlines; usually <c>TimeProvider.System</c>.</param>
    /// <param name="transport">Null = real sockets.</param>
    public ExchangeClient(IVenueAdapter adapter, ExchangeClientOptions options, TimeProvider time, IFeedTransport? transport = null)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(options);
        _adapter = adapter;
        ArgumentNullException.ThrowIfNull(time);
        var source = options.TradeSource ?? (adapter.TradeSources.Count > 0 ? adapter.TradeSources[0] : "");
        _channels = new ChannelOptions(source, []);
        _sink = new WatchSink(_metrics);
        _books = new BookRecovery(options.Books, time, _metrics);
        var activity = new StreamActivity(_metrics);
        _repairs = options.Rest is { } rest
            ? new TradeRepairs(rest, FeedSource.OfRest(adapter, _symbols), source, options.Repair, time, _metrics)
            : null;
        _graph = new PipelineGraph(
            new GraphOptions(), options.Candles, static instrument => instrument.Index, _sink, _metrics, time, options.Books, _books.Snapshots,
            activity: activity, repairs: _repairs, repair: options.Repair);
        _repairs?.Start(_graph);
        _gate = new ConnectGate(adapter.Venue, adapter.Limits.ConnectAttempts, time, _metrics, _graph);
        _feed = new VenueFeed(
            adapter,
            new VenueFeedOptions
            {
                Endpoint = options.Endpoint,
                Streams = [],
                Symbols = _symbols,
                Catalog = _catalog,
                WebSocket = options.WebSocket,
                Pool = options.Pool,
                Legs = options.Legs,
            },
            transport ?? new ClientWebSocketTransport(),
            time,
            time,
            _metrics,
            progress: activity,
            gate: _gate);
        _feed.Frames.Subscribe(_graph.Take);
        _books.Add(adapter, _channels, _symbols, options.Rest, _feed.Resubscribe, _graph);
        _start = new Lazy<Task>(_feed.StartAsync);
    }

    /// <summary>The exchange's name, such as <c>binance</c>.</summary>
    public string Venue => _adapter.Venue;

    /// <summary>Connections, streams and messages at this instant.</summary>
    public VenueFeedStatistics Statistics => _feed.Statistics;

    /// <summary>Changes of state: connections opened and lost, streams confirmed and refused.</summary>
    public IObservable<FeedEvent> Events => _feed.Events;

    /// <summary>Every trade once, in order.</summary>
    /// <param name="instrument"><c>BTC-USDT</c>, <c>BTC-USDT-PERP</c>, or as ccxt, TradingView or the exchange write it.</param>
    /// <exception cref="ArgumentException">The exchange cannot have such an instrument, or has no such channel.</exception>
    public IObservable<Trade> WatchTrades(string instrument) => Watch(instrument, StreamChannel.Trade, watched => watched.Trades);

    /// <summary>Best bid and ask, each change once.</summary>
    /// <inheritdoc cref="WatchTrades"/>
    public IObservable<Quote> WatchQuotes(string instrument) => Watch(instrument, StreamChannel.Quote, watched => watched.Quotes);

    /// <summary>The best levels of the order book, whole with each change.</summary>
    /// <inheritdoc cref="WatchTrades"/>
    public IObservable<TopOfBook> WatchBook(string instrument) => Watch(instrument, StreamChannel.Book, watched => watched.Books);

    /// <summary>Candles made of the trades: forming ones as they grow, and each final one.</summary>
    /// <param name="interval"><c>1m</c> and others, in any usual spelling.</param>
    /// <inheritdoc cref="WatchTrades"/>
    public IObservable<Candle> WatchCandles(string instrument, string interval)
    {
        var wanted = CandleInterval.Parse(interval);
        return Watch(instrument, StreamChannel.Trade, watched => watched.Candles).Where(candle => candle.Interval == wanted);
    }

    /// <summary>Closes the connections, lets what is inside flow out, and completes all observables.</summary>
    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        await _books.DisposeAsync();
        if (_repairs is not null)
        {
            await _repairs.DisposeAsync();
        }

        await _graph.CompleteAsync();
        _sink.Complete();
        await _graph.DisposeAsync();
        _gate.Dispose();
        _metrics.Dispose();
    }

    private IObservable<T> Watch<T>(string name, StreamChannel channel, Func<WatchedInstrument, IObservable<T>> select)
    {
        if (!_adapter.Channels.Contains(channel))
        {
            throw new ArgumentException($"{Venue} has no channel {channel}.", nameof(channel));
        }

        var instrument = Resolve(name);
        var watched = new GuardedObservable<T>(select(_sink.Of(instrument)), _ => _metrics.ObserverError(Venue));
        List<FeedStream> streams =
        [
            .. _adapter.StreamNames(instrument, channel, _channels)
                .Select(stream => new FeedStream(stream, instrument, channel, channel.ToString().ToLowerInvariant(), (int)channel)),
        ];
        return Observable.Create<T>(observer =>
        {
            // Listening first: what comes with the subscription must not be missed.
            var listening = watched.Subscribe(observer);
            var references = new CompositeDisposable(streams.Select(_feed.Subscribe));
            _ = _start.Value;
            return new CompositeDisposable(listening, references);
        });
    }

    /// <exception cref="ArgumentException">The exchange cannot have it, or the name may be several.</exception>
    private Instrument Resolve(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var found = InstrumentDirectory.OfNames(Venue, [name], _adapter.SymbolOf).Find(name);
        if (found is not [var only])
        {
            throw new ArgumentException(
                found.Count == 0
                    ? $"{Venue} has no {name}: write it like BTC-USDT."
                    : $"{name} may be {string.Join(" or ", found.Select(one => one.Id))} at {Venue}: write one of them.",
                nameof(name));
        }

        var instrument = _instruments.GetOrAdd(Venue, only.Id, only.Symbol, _adapter.RulesFor(_channels.TradeSource), only.ContractSize);
        _symbols.Add(instrument);
        return instrument;
    }
}
