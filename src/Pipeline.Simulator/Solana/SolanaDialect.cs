using Microsoft.AspNetCore.Http;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Solana;

/// <summary>A stream of program events: any path, no requests. It is no venue's own interface, so its limits are generous.</summary>
internal sealed class SolanaDialect : IVenueDialect
{
    // On-chain prices are small: a symbol's price is divided by 10^9.
    private const int PriceShift = 9;
    private const int KeptBytes = 125;

    private readonly SolanaPublisher _publisher;

    public SolanaDialect(int seed)
    {
        _publisher = new SolanaPublisher(seed);
        Listing = new VenueListing(SimulatedVenue.Solana, _publisher, List);
    }

    public VenueListing Listing { get; }

    public ConnectLimit ConnectLimit { get; } = new(1000, TimeSpan.FromMinutes(1));

    public int MaxRequestBytes => KeptBytes;

    public void Open(MarketWorld? world) => _publisher.Open(world?.EnginesOf(SimulatedVenue.Solana) ?? []);

    public Func<SimulatorConnection, IVenueSession>? Route(HttpRequest request) =>
        connection => new SolanaSession(connection, this, _publisher.Subscribers);

    public Task AnswerAsync(HttpContext context) =>
        WebSocketHandshake.RefuseAsync(context, StatusCodes.Status404NotFound, "Not found.");

    private static IEnumerable<ListedSymbol> List(SimulatedSymbol symbol) =>
        [new ListedSymbol(SolanaNames.Mint(symbol.Instrument.ToUpperInvariant()), IsPerpetual: false, PriceShift)];
}
