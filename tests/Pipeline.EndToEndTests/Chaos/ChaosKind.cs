namespace Pipeline.EndToEndTests.Chaos;

/// <summary>What the test does to the stack.</summary>
internal enum ChaosKind
{
    /// <summary>A connection is reset.</summary>
    Cut,

    /// <summary>No data comes over any connection of a venue for a while.</summary>
    Stall,

    /// <summary>A frame of trades comes twice.</summary>
    Duplicate,

    /// <summary>A frame of trades comes behind the next one.</summary>
    Reorder,

    /// <summary>A few frames of trades are left out.</summary>
    Drop,

    /// <summary>The venue gives out ids for nothing.</summary>
    Hole,

    /// <summary>Frames are left out, and REST does not answer as it should when it is asked for them.</summary>
    RestError,

    /// <summary>The broker refuses to write, keeps its answers, or is out of reach.</summary>
    BrokerOutage,

    /// <summary>The collector is killed and started again at once.</summary>
    Kill,
}
