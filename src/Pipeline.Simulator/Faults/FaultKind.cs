namespace Pipeline.Simulator.Faults;

/// <summary>How a fault works, or why there is nothing to switch on.</summary>
internal enum FaultKind
{
    /// <summary>Holds for as long as it is on, or for so many strikes.</summary>
    Lasting,

    /// <summary>Done at once to every connection it is meant for, and over.</summary>
    AtOnce,

    /// <summary>The simulated venue always behaves so.</summary>
    Always,

    /// <summary>Concerns a venue that is not simulated.</summary>
    NotSimulated,
}
