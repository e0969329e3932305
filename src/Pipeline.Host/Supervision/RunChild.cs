namespace Pipeline.Host.Supervision;

/// <summary>One child in <c>up.json</c>.</summary>
/// <param name="IsAlive">Whether it answers.</param>
/// <param name="NotReady">Why it is not ready; null when it is.</param>
internal sealed record RunChild(string Name, int? Pid, string Address, string Log, bool IsAlive = true, string? NotReady = null);
