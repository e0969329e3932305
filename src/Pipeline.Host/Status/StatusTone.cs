namespace Pipeline.Host.Status;

/// <summary>How a figure or a note is meant; colour on a terminal, nothing in a pipe.</summary>
internal enum StatusTone
{
    Plain,
    Good,
    Warning,
    Bad,
}
