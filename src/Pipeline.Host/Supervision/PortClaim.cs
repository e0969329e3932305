namespace Pipeline.Host.Supervision;

/// <summary>A port that a child will listen on, and the topology key that names it.</summary>
internal sealed record PortClaim(string Host, int Port, string Key);
