using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Topology;
using Pipeline.Simulator;
using Pipeline.Tests.Simulator;

namespace Pipeline.Tests.Venues.Acceptance;

/// <summary>What the acceptance cases must know about a venue.</summary>
internal sealed record AcceptanceVenue(IVenueAdapter Adapter)
{
    private static readonly Uri AnyPort = new("http://127.0.0.1:0");

    /// <summary>Instruments the simulator lists; between them they have every channel of the adapter.</summary>
    public IReadOnlyList<string> Instruments { get; init; } = ["BTC-USDT"];

    /// <summary>Stream whose ids are those of single trades, in the venue's word; null where trades are not told or have no such ids.</summary>
    public string? SingleTrades { get; init; }

    /// <summary>Where trades are taken from.</summary>
    public string TradeSource => SingleTrades ?? (Adapter.TradeSources is [var first, ..] ? first : "");

    /// <summary>A stream the venue refuses, and a part of the words it does that in; null where it takes no requests.</summary>
    public (string Stream, string Words)? Refused { get; init; }

    /// <summary>Whether the venue pings us.</summary>
    public bool PingsUs { get; init; }

    /// <summary>Makes the venue's HTTP interface, at the same address; null where there is none.</summary>
    public Func<HttpClient, Uri, TimeProvider, IVenueRest>? Rest { get; init; }

    /// <summary>Venue's units of quantity in one of the base currency, by instrument: more than 1 where it counts contracts.</summary>
    public Func<string, int> UnitsPerBase { get; init; } = _ => 1;

    /// <summary>The venue's address in the simulator.</summary>
    public required Func<SimulatorHost, Uri?> Address { get; init; }

    /// <summary>A simulator of every dialect with a lively market.</summary>
    public static SimulatorOptions Simulator { get; } = Simulation.Options with
    {
        BinanceFuturesListen = AnyPort,
        OkxListen = AnyPort,
        BybitListen = AnyPort,
        SolanaListen = AnyPort,
        TradesPerSecond = 20,
        QuotesPerSecond = 20,
    };
}
