namespace Pipeline.Core.Books;

/// <summary>Whether a held book may be served. Only <see cref="Valid"/> ones are.</summary>
public enum BookState : byte
{
    /// <summary>Lost, or not built yet: waits for a snapshot.</summary>
    Recovering,

    /// <summary>The last attempt failed (no answer, a snapshot too old, one that makes no sense): asks again after a pause.</summary>
    Invalid,

    /// <summary>Equal to the venue's at its id.</summary>
    Valid,
}
