namespace Pipeline.Simulator.Okx;

/// <summary>The rules of OKX v5 market data, as of 2026-10; durations run on the simulator's clock.</summary>
internal static class OkxLimits
{
    /// <summary>Handshakes per address and <see cref="ConnectWindow"/>. How the venue refuses more is not known; here it is 429.</summary>
    public const int ConnectsPerWindow = 3;

    /// <summary>Subscribe, unsubscribe and login requests per connection and <see cref="RequestWindow"/>.</summary>
    public const int RequestsPerWindow = 480;

    /// <summary>A longer request ends the connection.</summary>
    public const int RequestBytes = 64 * 1024;

    /// <summary>Levels a side of the <c>books</c> channel.</summary>
    public const int BookDepth = 400;

    /// <summary>Close code of an idle connection.</summary>
    public const int IdleCode = 4004;

    public const string IdleReason = "No data received in 30s";

    public const string OversizeReason = "Request message exceeds the maximum frame length";

    public const string SlowReason = "4005 Buffer is full, cannot write data";

    public static readonly TimeSpan ConnectWindow = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan RequestWindow = TimeSpan.FromHours(1);

    /// <summary>Without a subscription, or without anything pushed, a connection lives this long.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan RestWindow = TimeSpan.FromSeconds(2);
}
