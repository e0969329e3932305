namespace Pipeline.Core.Sequencing;

/// <summary>What became of a trade that was to be held.</summary>
internal enum HoldResult
{
    Held,

    /// <summary>The same row is held already.</summary>
    Copy,

    /// <summary>There is no room.</summary>
    Full,
}
