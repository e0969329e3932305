using System.Net;

namespace Pipeline.Fanout;

/// <summary>A WebSocket handshake as far as it decides on anything.</summary>
/// <param name="Path">Path without query, percent-decoded.</param>
/// <param name="Query">Query string with its question mark; empty when there is none.</param>
/// <param name="Address">Who asks: the peer, or whom a trusted proxy names.</param>
/// <param name="Header">Value of a header by name; null when it is absent. Several of one name are joined by a comma.</param>
public sealed record UpgradeRequest(string Path, string Query, IPAddress Address, Func<string, string?> Header);
