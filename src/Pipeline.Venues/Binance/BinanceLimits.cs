using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Binance;

/// <summary>
/// What Binance allows. Sources: for spot <c>binance/binance-spot-api-docs</c>, <c>web-socket-streams.md</c> of 2026-07-21, for futures
/// <c>developers.binance.com</c> seen 2026-10 and measurements of 2026-10-07, unless a line says otherwise.
/// </summary>
internal static class BinanceLimits
{
    /// <summary>300 in five minutes from one address (web-socket-streams.md of 2026-07-21); the rest is for other programs behind it.</summary>
    private static readonly RateLimit Attempts = new(250, TimeSpan.FromMinutes(5));

    public static readonly VenueLimits Spot = new()
    {
        // The venue says 1,024; a round thousand leaves room for a rotation's stragglers.
        MaxStreamsPerConnection = 1000,
        ConnectAttempts = Attempts,
        MaxConnectionAge = TimeSpan.FromHours(24),

        // The venue says five incoming messages a second, pongs included: the fifth is for the pong the socket sends unseen.
        MaxMessagesPerSecond = 4,
        MaxStreamsPerRequest = 200,

        // Requests above 4,096 bytes get no answer at all (binance-connector-rust#27, 2024-12-07).
        MaxRequestBytes = 4000,
        AckTimeout = TimeSpan.FromSeconds(10),
    };

    public static readonly VenueLimits Futures = new()
    {
        // The venue says 1,024 now and said 200 for years; a socket with the rest of the market on it is too much for one reader anyway.
        MaxStreamsPerConnection = 200,
        ConnectAttempts = Attempts,
        MaxConnectionAge = TimeSpan.FromHours(24),

        // Documented are ten a second, enforced were fifteen, the test net takes five.
        MaxMessagesPerSecond = 4,
        MaxStreamsPerRequest = 200,

        // 200 names in one request were taken; spot's bound of 4,096 bytes is kept, as nothing else is known.
        MaxRequestBytes = 4000,
        AckTimeout = TimeSpan.FromSeconds(10),
    };
}
