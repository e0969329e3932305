namespace Pipeline.Core.Feeds;

/// <summary>Why a stream is not subscribed to, the worst first.</summary>
public enum StreamTroubleKind
{
    /// <summary>It is on no connection: about to be placed, or without room.</summary>
    Unplaced,

    /// <summary>The venue did not answer, twice; it is asked again.</summary>
    Unanswered,

    /// <summary>Asked for, or about to be.</summary>
    Unconfirmed,

    /// <summary>The venue refused it when asked for it alone. It is tried again once an hour and with every new list of instruments.</summary>
    Refused,
}
