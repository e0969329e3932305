namespace Pipeline.Core.Feeds.Freshness;

/// <summary>How a batch of events arrived.</summary>
/// <param name="Time">Market-clock microseconds.</param>
/// <param name="Socket">See <see cref="FrameOrigin.Socket"/>.</param>
/// <param name="Series">See <see cref="FrameOrigin.Series"/>.</param>
/// <param name="LatestLag">An event that is older than this on arrival is late, microseconds.</param>
internal readonly record struct Arrival(long Time, long Socket, long Series, long LatestLag);
