namespace Pipeline.Core.Feeds;

/// <summary>What a refusal means for what was asked.</summary>
public enum RefusalCause
{
    /// <summary>There is something wrong with it: asking again changes nothing.</summary>
    Request,

    /// <summary>The venue takes no requests at the moment, or not so many: the same one may be made later.</summary>
    Busy,

    /// <summary>What was asked for is there already.</summary>
    AlreadyHeld,
}
