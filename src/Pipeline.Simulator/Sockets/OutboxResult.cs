namespace Pipeline.Simulator.Sockets;

internal enum OutboxResult
{
    /// <summary>Will be sent.</summary>
    Queued,

    /// <summary>The connection is ending; the frame is of no use any more.</summary>
    Closed,

    /// <summary>The bound was reached just now: the connection must be cut. Told once.</summary>
    Overflow,
}
