namespace Pipeline.Core.Feeds;

/// <summary>What becomes of a partition's events behind station 3.</summary>
public enum GateState : byte
{
    /// <summary>It is another's: they are passed over.</summary>
    Foreign,

    /// <summary>It is about to be ours: they are kept, in order.</summary>
    Held,

    /// <summary>They go to their lane.</summary>
    Open,
}
