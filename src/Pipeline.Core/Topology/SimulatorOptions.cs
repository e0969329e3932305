namespace Pipeline.Core.Topology;

/// <summary>The offline exchange that <c>pipeline simulate</c> runs.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Address of the Binance spot dialect. Default <c>http://127.0.0.1:9443</c>.</summary>
    public Uri BinanceSpotListen { get; init; } = new("http://127.0.0.1:9443");

    /// <summary>Address of the Binance futures dialect; null = not served.</summary>
    public Uri? BinanceFuturesListen { get; init; }

    /// <summary>Address of the OKX dialect; null = not served.</summary>
    public Uri? OkxListen { get; init; }

    /// <summary>Address of the Bybit dialect; null = not served.</summary>
    public Uri? BybitListen { get; init; }

    /// <summary>Address of the stream of program events; null = not served.</summary>
    public Uri? SolanaListen { get; init; }

    /// <summary>Address of the control port. Default <c>http://127.0.0.1:9400</c>.</summary>
    public Uri ControlListen { get; init; } = new("http://127.0.0.1:9400");

    /// <summary>The addresses of all venues that are served, by key.</summary>
    public IEnumerable<(string Key, Uri Address)> VenueListens =>
        new (string Key, Uri? Address)[]
        {
            ("binanceSpotListen", BinanceSpotListen), ("binanceFuturesListen", BinanceFuturesListen), ("okxListen", OkxListen),
            ("bybitListen", BybitListen), ("solanaListen", SolanaListen),
        }
        .Where(one => one.Address is not null)
        .Select(one => (one.Key, one.Address!));

    /// <summary>Whether candles reach back before the start: made up, the same for the same seed and start. Default no.</summary>
    public bool Past { get; init; }

    /// <summary>Seed of every random choice. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Taker orders per second and symbol. Default 5.</summary>
    public double TradesPerSecond { get; init; } = 5;

    /// <summary>Quote changes per second and symbol. Default 10.</summary>
    public double QuotesPerSecond { get; init; } = 10;

    /// <summary>What the simulated venues list, and opening prices.</summary>
    public IReadOnlyList<SimulatedSymbol> Symbols { get; init; } = [];

    /// <summary>Recorded frames to replay instead of the engine; null = the engine.</summary>
    public ReplayOptions? Replay { get; init; }

    /// <summary>True = as many events as clients take, whatever the rates; they keep their proportion. Default false.</summary>
    public bool Load { get; init; }

    /// <summary>File of scripted faults; null = none.</summary>
    public string? Scenario { get; init; }

    /// <summary>File, or folder that exists, for every frame in and out; null = none is written.</summary>
    public string? Transcript { get; init; }

    /// <summary>A connection whose unsent bytes pass this is closed, as a real venue would. Default 256 MiB.</summary>
    public long MaxUnsentBytes { get; init; } = 256L * 1024 * 1024;
}
