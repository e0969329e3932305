namespace Pipeline.Simulator.Binance;

/// <summary>The rules of one of Binance's market data services, as of 2026-10; durations run on the simulator's clock.</summary>
internal sealed record BinanceLimits
{
    /// <summary>Spot, by its documentation.</summary>
    public static readonly BinanceLimits Spot = new()
    {
        Messages = 5,
        MessageWindow = TimeSpan.FromSeconds(1),
        RequestBytes = 4096,
        PingInterval = TimeSpan.FromSeconds(20),
        PongTimeout = TimeSpan.FromSeconds(60),
        WeightPerMinute = 6_000,
    };

    /// <summary>
    /// USDⓈ-M futures: documented are 10 messages a second, measured (2026-10-07) 15 at once, which together are 15 in any 1.5 s.
    /// </summary>
    public static readonly BinanceLimits Futures = new()
    {
        Messages = 15,
        MessageWindow = TimeSpan.FromSeconds(1.5),
        RequestBytes = 1024 * 1024,
        PingInterval = TimeSpan.FromMinutes(3),
        PongTimeout = TimeSpan.FromMinutes(10),
        WeightPerMinute = 2_400,
    };

    /// <summary>Messages taken per rolling <see cref="MessageWindow"/>; requests, pings and pongs all count.</summary>
    public required int Messages { get; init; }

    public required TimeSpan MessageWindow { get; init; }

    /// <summary>A longer request is never answered.</summary>
    public required int RequestBytes { get; init; }

    public required TimeSpan PingInterval { get; init; }

    public required TimeSpan PongTimeout { get; init; }

    /// <summary>REST weight per address and minute of the clock.</summary>
    public required int WeightPerMinute { get; init; }

    public int StreamsPerConnection { get; init; } = 1024;

    /// <summary>Handshakes per address and <see cref="ConnectWindow"/>.</summary>
    public int ConnectsPerWindow { get; init; } = 300;

    public TimeSpan ConnectWindow { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan ConnectionLife { get; init; } = TimeSpan.FromHours(24);
}
