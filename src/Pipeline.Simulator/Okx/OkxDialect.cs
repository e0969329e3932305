using Microsoft.AspNetCore.Http;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>OKX v5 as its clients see it.</summary>
internal sealed class OkxDialect : IVenueDialect
{
    public const string SwapSuffix = "-SWAP";

    private readonly OkxPublisher _publisher = new();
    private readonly TimeProvider _clock;
    private OkxDirectory _directory = new([]);
    private OkxRest? _rest;

    public OkxDialect(TimeProvider clock)
    {
        _clock = clock;
        Listing = new VenueListing(SimulatedVenue.Okx, _publisher, List);
    }

    public VenueListing Listing { get; }

    public ConnectLimit ConnectLimit { get; } = new(OkxLimits.ConnectsPerWindow, OkxLimits.ConnectWindow);

    public int MaxRequestBytes => OkxLimits.RequestBytes;

    public void Open(MarketWorld? world)
    {
        _directory = new OkxDirectory(world?.EnginesOf(SimulatedVenue.Okx) ?? []);
        _publisher.Open(_directory);
        _rest = new OkxRest(_directory, world, _clock);
    }

    public Func<SimulatorConnection, IVenueSession>? Route(HttpRequest request)
    {
        OkxEndpoint? endpoint = request.Path.Value switch
        {
            "/ws/v5/public" => OkxEndpoint.Public,
            "/ws/v5/business" => OkxEndpoint.Business,
            "/ws/v5/private" => OkxEndpoint.Private,
            _ => null,
        };
        return endpoint is { } known ? connection => new OkxSession(connection, known, this, _directory, _clock) : null;
    }

    public Task AnswerAsync(HttpContext context) => _rest!.AnswerAsync(context);

    private static IEnumerable<ListedSymbol> List(SimulatedSymbol symbol)
    {
        var pair = $"{symbol.Base}-{symbol.Quote}".ToUpperInvariant();
        return [new ListedSymbol(pair, IsPerpetual: false), new ListedSymbol(pair + SwapSuffix, IsPerpetual: true)];
    }
}
