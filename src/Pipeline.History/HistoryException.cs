namespace Pipeline.History;

/// <summary>The store cannot do what was asked; the message says what to do about it.</summary>
public sealed class HistoryException(HistoryFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public HistoryFault Fault { get; } = fault;

    /// <summary>Trying again may help, without anybody's doing.</summary>
    public bool IsTransient => Fault == HistoryFault.Unwritable;
}
