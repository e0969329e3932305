namespace Pipeline.Core.Topology;

/// <summary>Which clock closes candles and judges lag.</summary>
public enum ClockMode
{
    /// <summary>The machine's clock.</summary>
    System,

    /// <summary>The arrival time of a recording that the simulator replays, at its speed.</summary>
    Recorded,
}
