namespace Pipeline.Core.Topology;

/// <summary>Form of the lines that a service writes.</summary>
public enum LogFormat
{
    /// <summary>For people: a live table on a terminal, plain lines in a pipe.</summary>
    Text,

    /// <summary>One JSON object a line, for whatever collects logs.</summary>
    Json,
}
