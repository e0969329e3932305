namespace Pipeline.Core.Diagnostics;

/// <summary>A gateway's history: what is in it, and what was done to it since the gateway's start.</summary>
public sealed record HistoryTotals
{
    public long Series { get; init; }

    public long Candles { get; init; }

    /// <summary>Size of its files.</summary>
    public long Bytes { get; init; }

    /// <summary>Records brought to it, by what became of them.</summary>
    public IReadOnlyList<(string Outcome, long Count)> Written { get; init; } = [];

    /// <summary>Candles removed, by reason.</summary>
    public IReadOnlyList<(string Reason, long Count)> Removed { get; init; } = [];

    /// <summary>Times the disk refused.</summary>
    public long Retries { get; init; }

    /// <summary>Offsets that the broker had deleted before they were read.</summary>
    public long Missed { get; init; }

    /// <summary>How writing stands: 1 for the one that it is.</summary>
    public IReadOnlyList<(string State, long IsIt)> States { get; init; } = [];
}
