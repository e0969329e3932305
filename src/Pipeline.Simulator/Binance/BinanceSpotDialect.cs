using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Binance.Rest;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>Binance spot as its clients see it.</summary>
internal sealed class BinanceSpotDialect : BinanceDialect
{
    private readonly BinanceSpotPublisher _publisher;

    public BinanceSpotDialect(SimulatorOptions options, TimeProvider clock, Recording? recording, ILogger log)
        : this(new BinanceSpotPublisher(), options, clock, recording, log)
    {
    }

    private BinanceSpotDialect(
        BinanceSpotPublisher publisher, SimulatorOptions options, TimeProvider clock, Recording? recording, ILogger log)
        : base(
            new(new VenueListing(SimulatedVenue.BinanceSpot, publisher, List), BinanceLimits.Spot, SpotRest.Endpoints),
            options, clock, recording, log) => _publisher = publisher;

    protected override StreamDirectory OpenStreams(IReadOnlyList<SymbolEngine> engines)
    {
        var streams = new StreamDirectory(engines.Select(engine => engine.Spec), SpotStreams.Types, [SpotStreams.MiniTickers]);
        _publisher.Open(streams, engines.Count);
        return streams;
    }

    protected override ConnectTarget? TargetOf(HttpRequest request) => ConnectTarget.From(request);

    private static IEnumerable<ListedSymbol> List(SimulatedSymbol symbol) =>
        [new ListedSymbol((symbol.Base + symbol.Quote).ToUpperInvariant(), IsPerpetual: false)];
}
