namespace Pipeline.Core.Feeds;

/// <summary>How far a wished-for stream has come.</summary>
public enum StreamState
{
    /// <summary>Wished for; asked or about to be asked.</summary>
    Requested,

    /// <summary>The venue acknowledged it. That is no proof of data.</summary>
    Confirmed,

    /// <summary>Refused, or not acknowledged in time twice; asked again after a while.</summary>
    Failed,
}
