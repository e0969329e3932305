using Microsoft.AspNetCore.Http;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Bybit;

/// <summary>Bybit v5 spot as its clients see it.</summary>
internal sealed class BybitDialect : IVenueDialect
{
    private readonly BybitPublisher _publisher = new();
    private readonly TimeProvider _clock;
    private BybitDirectory _directory = new([]);
    private BybitRest? _rest;

    public BybitDialect(TimeProvider clock)
    {
        _clock = clock;
        Listing = new VenueListing(SimulatedVenue.Bybit, _publisher, List);
    }

    public VenueListing Listing { get; }

    public ConnectLimit ConnectLimit { get; } = new(BybitLimits.ConnectsPerWindow, BybitLimits.ConnectWindow);

    public int MaxRequestBytes => BybitLimits.RequestBytes;

    /// <summary>Whether trade ids are UUIDs, as on derivatives; otherwise numbers as text, as on spot.</summary>
    public bool UuidTradeIds
    {
        get => _publisher.UuidTradeIds;
        set => _publisher.UuidTradeIds = value;
    }

    public void Open(MarketWorld? world)
    {
        _directory = new BybitDirectory(world?.EnginesOf(SimulatedVenue.Bybit) ?? []);
        _publisher.Open(_directory);
        _rest = new BybitRest(_directory, world, _clock, this);
    }

    public Func<SimulatorConnection, IVenueSession>? Route(HttpRequest request) =>
        request.Path == "/v5/public/spot" ? connection => new BybitSession(connection, this, _directory, _clock) : null;

    public Task AnswerAsync(HttpContext context) => _rest!.AnswerAsync(context);

    private static IEnumerable<ListedSymbol> List(SimulatedSymbol symbol) =>
        [new ListedSymbol((symbol.Base + symbol.Quote).ToUpperInvariant(), IsPerpetual: false)];
}
