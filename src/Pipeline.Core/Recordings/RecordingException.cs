namespace Pipeline.Core.Recordings;

/// <summary>A recording cannot be read or written; the message says which, where and why.</summary>
public sealed class RecordingException(string message, Exception? inner = null) : IOException(message, inner);
