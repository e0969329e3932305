using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Binance;

/// <summary>
/// What Binance spot allows. Source: <c>binance/binance-spot-api-docs</c>, <c>web-socket-streams.md</c> of 2026-07-21, unless a line
/// says otherwise.
/// </summary>
internal static class BinanceLimits
{
    public static readonly VenueLimits Spot = new()
    {
        // The venue says 1,024; a round thousand leaves room for a rotation's stragglers.
        MaxStreamsPerConnection = 1000,

        // The venue says five incoming messages a second, pongs included: the fifth is for the pong the socket sends unseen.
        MaxMessagesPerSecond = 4,
        MaxStreamsPerRequest = 200,

        // Requests above 4,096 bytes get no answer at all (binance-connector-rust#27, 2024-12-07).
        MaxRequestBytes = 4000,
        AckTimeout = TimeSpan.FromSeconds(10),
    };
}
