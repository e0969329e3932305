namespace Pipeline.Core.Feeds.Freshness;

/// <summary>What a probe found.</summary>
public enum ProbeResult
{
    /// <summary>Nobody can tell.</summary>
    Unknown,

    /// <summary>The venue has nothing newer: the stream is rightly silent.</summary>
    UpToDate,

    /// <summary>The venue has newer data than the stream has brought.</summary>
    Behind,
}
