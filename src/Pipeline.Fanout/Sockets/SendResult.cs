namespace Pipeline.Fanout.Sockets;

/// <summary>What a transport did with bytes given to it. It never takes a part.</summary>
internal enum SendResult
{
    /// <summary>Handed to the system; more may be given at once.</summary>
    Done,

    /// <summary>Taken, but the client does not read: nothing more may be given until <see cref="LinkTransport.Writable"/> was called.</summary>
    Pending,

    /// <summary>The connection is broken.</summary>
    Broken,
}
