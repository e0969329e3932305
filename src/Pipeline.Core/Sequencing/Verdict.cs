namespace Pipeline.Core.Sequencing;

/// <summary>What the arbiter says of a copy.</summary>
internal enum Verdict
{
    /// <summary>The next one, or the first ever.</summary>
    Next,

    /// <summary>New, but ids before it are missing.</summary>
    AfterHole,

    /// <summary>Seen before.</summary>
    Duplicate,

    /// <summary>Fills a hole too late to keep ids rising.</summary>
    Late,
}
