using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Binance.Rest;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>Binance USDⓈ-M futures as their clients see them: a perpetual market for every symbol of the simulator.</summary>
internal sealed class BinanceFuturesDialect : IVenueDialect
{
    private static readonly BinanceLimits Limits = BinanceLimits.Futures;

    private readonly BinanceFuturesPublisher _publisher = new();
    private readonly SimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly Recording? _recording;
    private readonly ILogger _log;
    private readonly BinanceRest _rest;
    private BinanceSessionSetup? _setup;

    public BinanceFuturesDialect(SimulatorOptions options, TimeProvider clock, Recording? recording, ILogger log)
    {
        _options = options;
        _clock = clock;
        _recording = recording;
        _log = log;
        Listing = new VenueListing(SimulatedVenue.BinanceFutures, _publisher, List);
        _rest = new BinanceRest(FuturesRest.Endpoints, SimulatedVenue.BinanceFutures, Limits, clock);
    }

    public VenueListing Listing { get; }

    public ConnectLimit ConnectLimit { get; } = new(Limits.ConnectsPerWindow, Limits.ConnectWindow);

    public int MaxRequestBytes => Limits.RequestBytes;

    public void Open(MarketWorld? world)
    {
        var engines = world?.EnginesOf(SimulatedVenue.BinanceFutures).ToList() ?? [];
        var directory = new StreamDirectory(engines.Select(engine => engine.Spec), FuturesStreams.Types, FuturesStreams.MarketWide);
        _publisher.Open(directory, engines);
        _rest.Open(world);
        _setup = new BinanceSessionSetup(this, _clock, directory, _recording, _options.Replay?.Speed ?? 0, Limits, _log);
    }

    public Func<SimulatorConnection, IVenueSession>? Route(HttpRequest request) =>
        FuturesRoute.From(request) is { } target ? connection => new BinanceSession(connection, target, _setup!) : null;

    public Task AnswerAsync(HttpContext context) => _rest.AnswerAsync(context);

    private static IEnumerable<ListedSymbol> List(SimulatedSymbol symbol) =>
        [new ListedSymbol((symbol.Base + symbol.Quote).ToUpperInvariant(), IsPerpetual: true)];
}
