namespace Pipeline.Core.Feeds;

/// <summary>Why a connection was opened.</summary>
public enum ReconnectionReason
{
    /// <summary>The first one.</summary>
    Initial,

    /// <summary>The one before was lost.</summary>
    Lost,

    /// <summary>We closed the one before in order to open a new one.</summary>
    Requested,
}
