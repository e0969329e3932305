namespace Pipeline.Host.Status;

internal sealed record StatusRow(string Name, string Value, StatusTone Tone = StatusTone.Plain);
