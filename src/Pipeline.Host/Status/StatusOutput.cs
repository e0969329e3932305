namespace Pipeline.Host.Status;

/// <summary>How a running command tells how it fares.</summary>
internal enum StatusOutput
{
    /// <summary>A live table on a terminal, plain lines in a pipe.</summary>
    Text,

    /// <summary>Warnings and errors only, on standard error.</summary>
    Quiet,

    /// <summary>One JSON object a line, on standard output.</summary>
    Json,
}
