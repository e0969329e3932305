using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>Binance spot as its clients see it.</summary>
internal sealed class BinanceSpotDialect : IVenueDialect
{
    private readonly BinancePublisher _publisher = new();
    private readonly SimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly Recording? _recording;
    private readonly ILogger _log;
    private BinanceSessionSetup? _setup;

    public BinanceSpotDialect(SimulatorOptions options, TimeProvider clock, Recording? recording, ILogger log)
    {
        _options = options;
        _clock = clock;
        _recording = recording;
        _log = log;
        Listing = new VenueListing(SimulatedVenue.BinanceSpot, _publisher, List);
    }

    public VenueListing Listing { get; }

    public ConnectLimit ConnectLimit { get; } = new(BinanceSpotLimits.ConnectsPerWindow, BinanceSpotLimits.ConnectWindow);

    public int MaxRequestBytes => BinanceSpotLimits.RequestBytes;

    public void Open(MarketWorld? world)
    {
        var directory = new StreamDirectory(world?.EnginesOf(SimulatedVenue.BinanceSpot).Select(engine => engine.Spec) ?? []);
        _publisher.Open(directory);
        _setup = new BinanceSessionSetup(
            this, _clock, directory, _recording, _options.Replay?.Speed ?? 0, BinanceSpotLimits.ConnectionLife, _log);
    }

    public Func<SimulatorConnection, IVenueSession>? Route(HttpRequest request) =>
        ConnectTarget.From(request) is { } target ? connection => new BinanceSession(connection, target, _setup!) : null;

    public Task AnswerAsync(HttpContext context) =>
        WebSocketHandshake.RefuseAsync(context, StatusCodes.Status404NotFound, "Not found. Paths are /ws and /stream.");

    private static IEnumerable<ListedSymbol> List(SimulatedSymbol symbol) =>
        [new ListedSymbol((symbol.Base + symbol.Quote).ToUpperInvariant(), IsPerpetual: false)];
}
