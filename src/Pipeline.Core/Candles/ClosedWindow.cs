namespace Pipeline.Core.Candles;

/// <summary>A window that has ended and whose record is still to be written, or may still change.</summary>
internal struct ClosedWindow
{
    public long OpenTime;
    public CandleSum Sum;

    /// <summary>Records written so far.</summary>
    public int Updates;

    /// <summary>Number of its newest revision; 0 = none.</summary>
    public int Revision;

    /// <summary>Its start was seen, and nothing of it is lost for good.</summary>
    public bool IsWhole;

    /// <summary>It was closed by the clock while nobody could say that nothing was missed; a trade that follows by id proves it.</summary>
    public bool IsDoubted;

    /// <summary>Its final record was written.</summary>
    public bool IsPublished;

    /// <summary>What its newest record said.</summary>
    public bool WasComplete;

    /// <summary>Changed since its newest record.</summary>
    public bool IsDirty;

    /// <summary>It lies in a hole and is made by repair alone: nobody waits for it.</summary>
    public bool IsRepair;

    /// <summary>Its newest record is not what it is now: it counts too little, or said that something may be missing.</summary>
    public readonly bool IsRevisionDue => IsPublished && (IsDirty || (IsWhole && !IsDoubted && !WasComplete));
}
