namespace Pipeline.Core.Sequencing;

/// <summary>What is said of a copy.</summary>
internal enum Verdict
{
    /// <summary>The next one, or the first ever.</summary>
    Next,

    /// <summary>The first of a new series: the venue counts anew.</summary>
    Reset,

    /// <summary>Seen before.</summary>
    Duplicate,

    /// <summary>Older than what went on, and not seen before.</summary>
    Late,
}
