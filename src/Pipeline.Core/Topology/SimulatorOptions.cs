namespace Pipeline.Core.Topology;

/// <summary>The offline exchange that <c>pipeline simulate</c> runs.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Address of the Binance spot dialect. Default <c>http://127.0.0.1:9443</c>.</summary>
    public Uri BinanceSpotListen { get; init; } = new("http://127.0.0.1:9443");

    /// <summary>Address of the control port. Default <c>http://127.0.0.1:9400</c>.</summary>
    public Uri ControlListen { get; init; } = new("http://127.0.0.1:9400");

    /// <summary>Seed of every random choice. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Taker orders per second and symbol. Default 5.</summary>
    public double TradesPerSecond { get; init; } = 5;

    /// <summary>Quote changes per second and symbol. Default 10.</summary>
    public double QuotesPerSecond { get; init; } = 10;

    /// <summary>Symbols of the simulated venue and their opening prices.</summary>
    public IReadOnlyList<SimulatedSymbol> Symbols { get; init; } = [];

    /// <summary>Recorded frames to replay instead of the engine; null = the engine.</summary>
    public ReplayOptions? Replay { get; init; }

    /// <summary>A connection whose unsent bytes pass this is closed, as a real venue would. Default 256 MiB.</summary>
    public long MaxUnsentBytes { get; init; } = 256L * 1024 * 1024;
}
