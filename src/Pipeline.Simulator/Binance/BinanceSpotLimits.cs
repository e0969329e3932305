namespace Pipeline.Simulator.Binance;

/// <summary>The rules of Binance spot market streams, as of 2026-10; durations run on the simulator's clock.</summary>
internal static class BinanceSpotLimits
{
    /// <summary>Messages taken per rolling second; requests, pings and pongs all count.</summary>
    public const int MessagesPerSecond = 5;

    public const int StreamsPerConnection = 1024;

    /// <summary>A longer request is never answered.</summary>
    public const int RequestBytes = 4096;

    /// <summary>Handshakes per address and <see cref="ConnectWindow"/>.</summary>
    public const int ConnectsPerWindow = 300;

    public static readonly TimeSpan ConnectWindow = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan ConnectionLife = TimeSpan.FromHours(24);
}
