namespace Pipeline.Core.Feeds;

/// <summary>Why a connection was opened.</summary>
public enum ReconnectionReason
{
    /// <summary>The first one.</summary>
    Initial,

    /// <summary>The one before was lost.</summary>
    Lost,

    /// <summary>The one before was open but mute.</summary>
    Stalled,

    /// <summary>We closed the one before for want of room behind it.</summary>
    Overload,

    /// <summary>It takes over from the one before, which is still open.</summary>
    Rotation,

    /// <summary>We closed the one before in order to open a new one.</summary>
    Requested,
}
