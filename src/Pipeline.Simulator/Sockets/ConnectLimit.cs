namespace Pipeline.Simulator.Sockets;

/// <summary>Handshakes a venue takes from one address in a rolling window.</summary>
internal readonly record struct ConnectLimit(int Count, TimeSpan Window);
