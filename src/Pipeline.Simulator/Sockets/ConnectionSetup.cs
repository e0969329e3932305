using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Transcripts;

namespace Pipeline.Simulator.Sockets;

/// <summary>What a connection is made with.</summary>
/// <param name="Path">Path and query of the handshake.</param>
/// <param name="MaxUnsentBytes">Bound of the outbox.</param>
/// <param name="Clock">The simulator's clock.</param>
/// <param name="AbortTransport">Resets the TCP connection.</param>
internal sealed record ConnectionSetup(string Path, long MaxUnsentBytes, TimeProvider Clock, Action AbortTransport)
{
    /// <summary>Null = none can strike it.</summary>
    public ConnectionFaults? Faults { get; init; }

    /// <summary>Null = one of its own.</summary>
    public ClientLedger? Ledger { get; init; }

    /// <summary>Null = its frames are not noted.</summary>
    public Transcript? Transcript { get; init; }
}
