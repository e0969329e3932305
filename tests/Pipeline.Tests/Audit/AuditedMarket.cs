using System.Collections.Concurrent;
using Pipeline.Core.Audit;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Host.Venues;
using Pipeline.Simulator.World;
using Pipeline.Tests.Simulator;

namespace Pipeline.Tests.Audit;

/// <summary>
/// A simulated market from its socket through all stations to an audit, which is told of holes as a ledger would: a hole that the REST
/// interface has nothing under, though it has ids above, is the venue's. Candles of a second, so that little time makes many.
/// </summary>
internal sealed class AuditedMarket : IMarketSink, IAsyncDisposable
{
    private const string Symbol = "BTCUSDT";
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly CandleInterval Second = CandleInterval.Parse("1s");
    private static readonly AuditLimits Limits = new() { Patience = TimeSpan.FromSeconds(5), Intervals = [Second] };

    private readonly Lock _gate = new();
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly PipelineMetrics _metrics = new();
    private readonly ConcurrentDictionary<long, bool> _holes = new();
    private readonly FeedSource _source;
    private readonly IVenueRest _rest;
    private readonly PipelineGraph _graph;
    private readonly VenueFeed _feed;
    private readonly CandleAudit _audit;
    private long _lastId = -1;
    private long _from = long.MaxValue;

    private AuditedMarket(Simulation simulation, TimeSpan? patience)
    {
        Simulation = simulation;
        _audit = new CandleAudit(Limits with { Patience = patience ?? Limits.Patience });
        var address = simulation.Host.BinanceSpotUri;
        var parts = KnownVenues.Of("binance");
        var instrument = new Instrument(0, "binance", "BTC-USDT", Symbol, parts.Adapter.RulesFor("trade"));
        var symbols = new SymbolTable();
        symbols.Add(instrument);
        _rest = parts.Rest!(_http, new UriBuilder(address) { Scheme = "http" }.Uri, TimeProvider.System, _metrics);
        _source = new FeedSource("binance", "binance-rest", parts.Adapter.Parser, symbols, parts.Adapter.TimeUnit);
        _graph = new PipelineGraph(
            new GraphOptions(), new CandleOptions { Intervals = [Second], Live = [] }, _ => 0, this, _metrics, simulation.Clock, audit: Limits);
        _feed = new VenueFeed(
            parts.Adapter,
            new VenueFeedOptions
            {
                Endpoint = address,
                Streams = ["btcusdt@trade", "btcusdt@kline_1s"],
                Symbols = symbols,
                WebSocket = new WebSocketOptions { ReconnectDelay = TimeSpan.FromMilliseconds(20) },
                Pool = new PoolOptions { BatchDelay = TimeSpan.FromMilliseconds(1) },
            },
            new ClientWebSocketTransport(), simulation.Clock, TimeProvider.System, _metrics);
        _feed.Frames.Subscribe(_graph.Take);
    }

    public Simulation Simulation { get; }

    public AuditSummary Summary => _audit.Summary;

    /// <summary>What the audit behind station 5 found, newest of each window.</summary>
    public ConcurrentDictionary<long, AuditFinding> InGraph { get; } = new();

    /// <summary>What the audit found that knows the holes, newest of each window.</summary>
    public SortedDictionary<long, AuditFinding> Found { get; } = [];

    public SymbolEngine Engine =>
        Simulation.Host.World!.TryFind(SimulatedVenue.BinanceSpot, Symbol, out var engine) ? engine : throw new InvalidOperationException(Symbol);

    /// <param name="patience">How long the audit that knows the holes waits; it lasts as long as the test when there is none.</param>
    public static async Task<AuditedMarket> StartAsync(TimeSpan? patience = null)
    {
        var simulation = await Simulation.StartAsync(Simulation.Options with { TradesPerSecond = 30, QuotesPerSecond = 5 });
        var market = new AuditedMarket(simulation, patience);
        await market._feed.StartAsync();
        await market.UntilAsync(() => market.Read(() => market._lastId >= 0));

        // The window in which reading began is not whole, and trades are told before the stream of candles is on.
        market._from = (MarketTime.Now(simulation.Clock) / AuditWorld.Second * AuditWorld.Second) + (2 * AuditWorld.Second);
        return market;
    }

    public T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

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

            await Task.Delay(1, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.False(_graph.Completion.IsFaulted, _graph.Completion.Exception?.ToString());
            Assert.False(limit.IsCancellationRequested, "It did not happen in time.");
        }
    }

    /// <summary>Lets so many seconds of the market pass, and what they brought arrive.</summary>
    public async Task PassAsync(int seconds)
    {
        var end = MarketTime.Now(Simulation.Clock) + (seconds * AuditWorld.Second);
        await UntilAsync(() => MarketTime.Now(Simulation.Clock) >= end);
    }

    public async ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        for (var i = 0; i < batch.Audits.Count; i++)
        {
            InGraph[batch.Audits[i].OpenTime] = batch.Audits[i];
        }

        var holes = new List<Gap>();
        for (var i = 0; i < batch.Trades.Count; i++)
        {
            var trade = batch.Trades[i];
            if (_lastId >= 0 && trade.Id > _lastId + 1)
            {
                holes.Add(await AskAsync(trade, _lastId + 1, cancellation));
            }

            _lastId = Math.Max(_lastId, trade.Id);
        }

        lock (_gate)
        {
            foreach (var hole in holes)
            {
                _audit.Add(hole, batch.Now);
            }

            for (var i = 0; i < batch.Candles.Count; i++)
            {
                if (batch.Candles[i].OpenTime >= _from)
                {
                    _audit.Add(batch.Candles[i], batch.Now);
                }
            }

            _audit.Tick(batch.Now);
            foreach (var finding in _audit.Findings)
            {
                Found[finding.OpenTime] = finding;
            }

            _audit.ClearFindings();
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        await _graph.DisposeAsync();
        await Simulation.DisposeAsync();
        _http.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Whether the venue has anything between the trades around a hole.</summary>
    private async Task<Gap> AskAsync(Trade behind, long fromId, CancellationToken cancellation)
    {
        var answer = new VenueBatch { Source = _source };
        await _rest.GetTradesAsync(Symbol, "trade", fromId, 100, answer, cancellation);
        var ids = answer.Trades.Span.ToArray().Select(trade => trade.Id).ToList();
        Assert.Contains(behind.Id, ids);
        Assert.DoesNotContain(ids, id => id >= fromId && id < behind.Id);
        Assert.True(_holes.TryAdd(fromId, true));
        return new Gap(
            behind.Instrument, fromId, behind.Id - 1, GapState.VenueSilent, "stream", [new IdRange(fromId, behind.Id - 1)],
            Series: 0, FromTime: 0, behind.EventTime, OpenedTime: behind.EventTime, UpdatedTime: behind.EventTime, IsAnnounced: true);
    }
}
