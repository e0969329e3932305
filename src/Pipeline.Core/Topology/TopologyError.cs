namespace Pipeline.Core.Topology;

/// <summary>One thing wrong with a topology file.</summary>
/// <param name="File">The file, as the user named it.</param>
/// <param name="Line">Line, from 1; 0 = the file as a whole.</param>
/// <param name="Column">Column, from 1; 0 with line 0.</param>
/// <param name="Key">Path of the key, such as <c>venues.binance.channels[2]</c>; empty = the file as a whole.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What to do about it; may be empty.</param>
public sealed record TopologyError(string File, int Line, int Column, string Key, string Message, string Hint)
{
    /// <summary>One line, <c>file:line:column: key: message — hint</c>, as editors and terminals make links of it.</summary>
    public override string ToString() =>
        (Line > 0 ? $"{File}:{Line}:{Column}: " : $"{File}: ")
        + (Key.Length > 0 ? $"{Key}: " : "")
        + Message
        + (Hint.Length > 0 ? $" — {Hint}" : "");
}
