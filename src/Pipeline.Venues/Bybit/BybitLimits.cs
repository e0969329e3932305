using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// What Bybit v5 spot allows. Source: the pages <c>v5/ws/connect</c> and <c>v5/market/*</c> of the venue's documentation, 2026-07-24,
/// unless a line says otherwise.
/// </summary>
internal static class BybitLimits
{
    public static readonly VenueLimits Spot = new()
    {
        // The venue counts 21,000 characters of topics on a connection. The longest name we make, a book of a symbol of 28 letters,
        // has 42.
        MaxStreamsPerConnection = 500,

        // 500 in five minutes for a host name (documentation of 2026-07-24).
        ConnectAttempts = new RateLimit(450, TimeSpan.FromMinutes(5)),

        // No rate of messages is published; restoring a full connection at this one takes five seconds.
        MaxMessagesPerSecond = 10,

        // Spot alone: "args size >10" (nautilus_trader#1793).
        MaxStreamsPerRequest = 10,
        MaxRequestBytes = 4000,
        AckTimeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>"Every 20 seconds" for the client's ping; without any the venue cuts after about ten minutes.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);

    /// <summary>Ours: the venue names none.</summary>
    public static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(10);
}
