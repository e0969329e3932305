using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Okx;

/// <summary>What OKX v5 allows. Source: the venue's documentation of 2026-07-28, unless a line says otherwise.</summary>
internal static class OkxLimits
{
    public static readonly VenueLimits All = new()
    {
        // The venue publishes no number (it closes with 4008 or 4009 above it) and advises fewer than 30 deep books; 200 is our choice.
        MaxStreamsPerConnection = 200,

        // Three a second from one address (documentation of 2026-07-28). No age is documented at which the venue ends a connection.
        ConnectAttempts = new RateLimit(3, TimeSpan.FromSeconds(1)),

        // No rate per second is documented; the hour is what counts, and bursts are what a limit per hour cannot forgive.
        MaxMessagesPerSecond = 3,
        MaxRequestsPerHour = 480,

        // The venue allows 64 KB of names in a request; clients were cut at 256 names and less (reports to 2026-10).
        MaxStreamsPerRequest = 100,
        MaxRequestBytes = 20 * 1024,
        AckTimeout = TimeSpan.FromSeconds(10),
    };
}
