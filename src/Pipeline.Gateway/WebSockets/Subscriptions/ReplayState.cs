namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>How far a client has come in what it missed of a stream.</summary>
internal enum ReplayState
{
    /// <summary>It may go into the room.</summary>
    UpToDate,

    /// <summary>A portion was sent, and there is more.</summary>
    More,

    /// <summary>It has more than this gateway has read.</summary>
    Ahead,

    /// <summary>The window does not reach back to it any more.</summary>
    Lost,
}
