using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>Binance USDⓈ-M futures as their clients see them: a perpetual market for every symbol of the simulator.</summary>
internal sealed class BinanceFuturesDialect : BinanceDialect
{
    private readonly BinanceFuturesPublisher _publisher;

    public BinanceFuturesDialect(SimulatorOptions options, TimeProvider clock, Recording? recording, ILogger log)
        : this(new BinanceFuturesPublisher(), options, clock, recording, log)
    {
    }

    private BinanceFuturesDialect(
        BinanceFuturesPublisher publisher, SimulatorOptions options, TimeProvider clock, Recording? recording, ILogger log)
        : base(
            new(new VenueListing(SimulatedVenue.BinanceFutures, publisher, List), BinanceLimits.Futures, FuturesRest.Endpoints),
            options, clock, recording, log) => _publisher = publisher;

    protected override StreamDirectory OpenStreams(IReadOnlyList<SymbolEngine> engines)
    {
        var streams = new StreamDirectory(engines.Select(engine => engine.Spec), FuturesStreams.Types, FuturesStreams.MarketWide);
        _publisher.Open(streams, engines);
        return streams;
    }

    protected override ConnectTarget? TargetOf(HttpRequest request) => FuturesRoute.From(request);

    private static IEnumerable<ListedSymbol> List(SimulatedSymbol symbol) =>
        [new ListedSymbol((symbol.Base + symbol.Quote).ToUpperInvariant(), IsPerpetual: true)];
}
