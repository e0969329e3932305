namespace Pipeline.Fanout;

/// <summary>Where a link is in its life.</summary>
internal enum LinkState
{
    Open,

    /// <summary>Our close frame is on its way, or waits for the client's.</summary>
    Closing,

    Closed,
}
