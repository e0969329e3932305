namespace Pipeline.Simulator.Sockets;

/// <summary>What a connection is made with.</summary>
/// <param name="Path">Path and query of the handshake.</param>
/// <param name="MaxUnsentBytes">Bound of the outbox.</param>
/// <param name="Clock">The simulator's clock.</param>
/// <param name="AbortTransport">Resets the TCP connection.</param>
internal sealed record ConnectionSetup(string Path, long MaxUnsentBytes, TimeProvider Clock, Action AbortTransport);
