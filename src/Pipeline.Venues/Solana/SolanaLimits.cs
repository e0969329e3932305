using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Solana;

/// <summary>What the event stream allows. It is ours to define (design, section 10, 2026-11): one stream, and no requests at all.</summary>
internal static class SolanaLimits
{
    public static readonly VenueLimits Events = new()
    {
        MaxStreamsPerConnection = 1,

        // Never used, since no request is made.
        MaxMessagesPerSecond = 1,
        MaxStreamsPerRequest = 1,
        MaxRequestBytes = 4000,
        AckTimeout = TimeSpan.FromSeconds(10),
    };
}
