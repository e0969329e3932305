namespace Pipeline.Simulator.Bybit;

/// <summary>The rules of Bybit v5 spot market data, as of 2026-10; durations run on the simulator's clock.</summary>
internal static class BybitLimits
{
    /// <summary>Handshakes per address and <see cref="ConnectWindow"/>.</summary>
    public const int ConnectsPerWindow = 500;

    /// <summary>Topics in one request.</summary>
    public const int ArgsPerRequest = 10;

    /// <summary>Characters of all topics of a connection.</summary>
    public const int ArgsCharacters = 21_000;

    /// <summary>The venue gives no bound; what is longer is answered as unreadable.</summary>
    public const int RequestBytes = 64 * 1024;

    /// <summary>HTTP requests per address and <see cref="RestWindow"/>.</summary>
    public const int RestPerWindow = 600;

    public static readonly TimeSpan ConnectWindow = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan RestWindow = TimeSpan.FromSeconds(5);

    /// <summary>A connection without a message either way lives this long.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(10);
}
