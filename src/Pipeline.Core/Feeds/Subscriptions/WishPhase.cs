namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>How far a wish has come on the current socket.</summary>
internal enum WishPhase
{
    /// <summary>To be asked for as soon as a request may be sent.</summary>
    Queued,

    /// <summary>May be what a request was refused for: asked for apart from the others.</summary>
    Suspected,

    /// <summary>Asked for.</summary>
    Asked,

    /// <summary>Acknowledged.</summary>
    Confirmed,

    /// <summary>Refused, or not answered; asked for again at <see cref="Wish.RetryAt"/>.</summary>
    Failed,

    /// <summary>To be left as soon as a request may be sent.</summary>
    Leaving,

    /// <summary>The venue was told that it is left.</summary>
    Left,
}
