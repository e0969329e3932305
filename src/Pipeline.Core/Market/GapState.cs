namespace Pipeline.Core.Market;

/// <summary>What became of ids, or of a time, that the stream left out.</summary>
public enum GapState : byte
{
    /// <summary>Missing, and being asked for.</summary>
    Open,

    /// <summary>Every missing trade was fetched and written.</summary>
    Repaired,

    /// <summary>Given up, for the reason that the record gives; the ranges that are still missing stay so.</summary>
    Abandoned,

    /// <summary>The venue itself has nothing under these ids: it answered with ids above them and none of them.</summary>
    VenueSilent,

    /// <summary>The venue counts anew from here: what lies between the two series cannot be known.</summary>
    Reset,
}
