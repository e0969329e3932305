namespace Pipeline.Core.Feeds.Freshness;

/// <summary>Finds out whether a silent stream missed something, before anything is cut for it.</summary>
public interface IStreamProbe
{
    /// <summary>Never throws; <see cref="ProbeResult.Unknown"/> when the venue cannot tell.</summary>
    /// <param name="since">When the venue acknowledged the stream last, market-clock microseconds: what happened before is no sign.</param>
    Task<ProbeResult> ProbeAsync(FeedStream stream, long since, CancellationToken cancellation);
}
