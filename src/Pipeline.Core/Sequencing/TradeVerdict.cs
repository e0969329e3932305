namespace Pipeline.Core.Sequencing;

/// <summary>What is said of a row of trades.</summary>
internal enum TradeVerdict
{
    /// <summary>The next one, or the first ever.</summary>
    Next,

    /// <summary>Beyond all that was seen: it waits, and ids before it may be missing.</summary>
    Ahead,

    /// <summary>Missing in a hole that later trades wait behind.</summary>
    Within,

    /// <summary>Missing in a hole that was announced.</summary>
    Late,

    /// <summary>Of its ids some were seen and some were not.</summary>
    Overlap,

    /// <summary>Seen before.</summary>
    Duplicate,

    /// <summary>Far below the frontier at a later time: the first of a new series, or nonsense.</summary>
    Suspect,
}
