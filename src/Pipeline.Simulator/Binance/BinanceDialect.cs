using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Binance.Rest;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>What Binance's services have in common: sessions, limits and the frame of the REST interface.</summary>
internal abstract class BinanceDialect : IVenueDialect
{
    private readonly SimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly Recording? _recording;
    private readonly ILogger _log;
    private readonly BinanceLimits _limits;
    private readonly BinanceRest _rest;
    private BinanceSessionSetup? _setup;

    protected BinanceDialect(BinanceService service, SimulatorOptions options, TimeProvider clock, Recording? recording, ILogger log)
    {
        _options = options;
        _clock = clock;
        _recording = recording;
        _log = log;
        _limits = service.Limits;
        Listing = service.Listing;
        ConnectLimit = new ConnectLimit(_limits.ConnectsPerWindow, _limits.ConnectWindow);
        _rest = new BinanceRest(service.Endpoints, Listing.Venue, _limits, clock);
    }

    public VenueListing Listing { get; }

    public ConnectLimit ConnectLimit { get; }

    public int MaxRequestBytes => _limits.RequestBytes;

    public void Open(MarketWorld? world)
    {
        var streams = OpenStreams(world?.EnginesOf(Listing.Venue).ToList() ?? []);
        _rest.Open(world);
        _setup = new BinanceSessionSetup(this, _clock, streams, _recording, _options.Replay?.Speed ?? 0, _limits, _log);
    }

    public Func<SimulatorConnection, IVenueSession>? Route(HttpRequest request) =>
        TargetOf(request) is { } target ? connection => new BinanceSession(connection, target, _setup!) : null;

    public Task AnswerAsync(HttpContext context) => _rest.AnswerAsync(context);

    /// <summary>Names the streams and tells the publisher; empty in replay mode.</summary>
    protected abstract StreamDirectory OpenStreams(IReadOnlyList<SymbolEngine> engines);

    /// <summary>What an address asks for; null = there is no such path.</summary>
    protected abstract ConnectTarget? TargetOf(HttpRequest request);
}
