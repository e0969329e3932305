using System.Net;

namespace Pipeline.Gateway.WebSockets;

/// <summary>Who a client is, as far as its handshake told.</summary>
/// <param name="Address">Peer, or whom a trusted proxy names.</param>
/// <param name="Subject">Who the token says it is; null without one.</param>
/// <param name="Expires">When the token ends, microseconds since the Unix epoch; null = never. The client is closed then.</param>
internal sealed record SessionInfo(IPAddress Address, string? Subject = null, long? Expires = null);
