namespace Pipeline.History;

/// <summary>What kind of trouble a store has; each calls for something else.</summary>
public enum HistoryFault
{
    /// <summary>The disk is full or cannot be written now: worth trying again.</summary>
    Unwritable,

    /// <summary>The file is damaged: it is moved aside and filled anew from the log.</summary>
    Damaged,

    /// <summary>The file is something else's, or of a newer version of this program: it is left as it is.</summary>
    Foreign,

    /// <summary>Another process has it open.</summary>
    InUse,

    /// <summary>The file cannot be opened or read: a wrong path, missing permissions.</summary>
    Unreadable,
}
