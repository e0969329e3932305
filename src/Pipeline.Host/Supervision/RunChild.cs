namespace Pipeline.Host.Supervision;

/// <summary>One child in <c>up.json</c>.</summary>
internal sealed record RunChild(string Name, int? Pid, string Address, string Log);
