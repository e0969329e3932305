namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>One stream of a connection. What is wished for survives the socket; how far it has come does not.</summary>
/// <param name="order">Rises with each wish: the order among equal ranks.</param>
internal sealed class Wish(string name, int rank, long order)
{
    public string Name => name;

    /// <summary>Importance: lower is asked for first.</summary>
    public int Rank => rank;

    public long Order => order;

    public WishPhase Phase { get; set; }

    /// <summary>False while it is only being left.</summary>
    public bool IsWanted { get; set; } = true;

    /// <summary>It is left to be asked for again: a fresh start.</summary>
    public bool Returns { get; set; }

    /// <summary>This is a fresh start of a stream that stood on the current socket.</summary>
    public bool StoodBefore { get; set; }

    /// <summary>The venue may be sending it.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Requests made for it in a row on the current socket that nothing was heard of.</summary>
    public int Attempts { get; set; }

    /// <summary>Id of the first request since the wish was made, or made anew, on the current socket; 0 before. Ids rise.</summary>
    public long FirstRequest { get; set; }

    /// <summary>Id of the newest request.</summary>
    public long LastRequest { get; set; }

    /// <summary>The venue refused it when asked for it alone, and has not taken it since; it is tried again now and then.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Times it was given up for want of answers.</summary>
    public int Failures { get; set; }

    /// <summary>Times in a row that the venue closed a socket when this alone was asked for.</summary>
    public int Strikes { get; set; }

    /// <summary>When it is asked for again, while <see cref="WishPhase.Failed"/>; time since any fixed instant.</summary>
    public TimeSpan RetryAt { get; set; }

    /// <summary>Phase it was in when it was decided to leave it.</summary>
    public WishPhase Before { get; set; }

    /// <summary>Whether it counts as subscribed to: a fresh start does, as long as nothing speaks against it.</summary>
    public bool Stands => Phase == WishPhase.Confirmed || (StoodBefore && Phase != WishPhase.Failed);

    public StreamState State => Phase switch
    {
        WishPhase.Confirmed => StreamState.Confirmed,
        WishPhase.Failed => StreamState.Failed,
        _ => StreamState.Requested,
    };
}
