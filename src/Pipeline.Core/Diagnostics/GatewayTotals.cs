namespace Pipeline.Core.Diagnostics;

/// <summary>Sums over all clients of a gateway there are and were.</summary>
/// <param name="Messages">Messages sent.</param>
/// <param name="Bytes">Bytes sent, with frames.</param>
/// <param name="Conflated">Waiting messages that a newer one replaced.</param>
/// <param name="Dropped">Waiting messages let go.</param>
/// <param name="WaitingBytes">Bytes that wait now.</param>
public readonly record struct GatewayTotals(long Messages, long Bytes, long Conflated, long Dropped, long WaitingBytes);
