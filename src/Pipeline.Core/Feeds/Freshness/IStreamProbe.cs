namespace Pipeline.Core.Feeds.Freshness;

/// <summary>Finds out whether a silent stream missed something, before anything is cut for it.</summary>
public interface IStreamProbe
{
    /// <summary>Never throws; <see cref="ProbeResult.Unknown"/> when the venue cannot tell.</summary>
    Task<ProbeResult> ProbeAsync(FeedStream stream, CancellationToken cancellation);
}
