namespace Pipeline.Core.Books;

/// <summary>What an item did to a book, and what is to be done about it.</summary>
internal readonly record struct BookEffects
{
    /// <summary>Levels changed by an update.</summary>
    public bool Updated { get; init; }

    /// <summary>The book stands anew, from a snapshot.</summary>
    public bool Rebuilt { get; init; }

    /// <summary>The book follows another socket from here on, without a break.</summary>
    public bool Moved { get; init; }

    /// <summary>A snapshot is to be asked for.</summary>
    public bool Request { get; init; }

    /// <summary>The venue counts anew, without a break.</summary>
    public bool Reset { get; init; }

    /// <summary>Why the book was lost; null when it was not.</summary>
    public string? Lost { get; init; }

    /// <summary>Why the update was dropped; null when it was not.</summary>
    public string? Dropped { get; init; }

    /// <summary>How many, where it was more than that one.</summary>
    public int DroppedCount { get; init; }

    /// <summary>What became of a snapshot or of the wait for one; null when there was neither.</summary>
    public string? Snapshot { get; init; }

    /// <summary>This, and then <paramref name="next"/>: a book lost by it has nothing to tell.</summary>
    public BookEffects With(in BookEffects next) => new()
    {
        Updated = next.Lost is null && (Updated || next.Updated),
        Rebuilt = next.Lost is null && (Rebuilt || next.Rebuilt),
        Moved = Moved || next.Moved,
        Request = Request || next.Request,
        Reset = Reset || next.Reset,
        Lost = next.Lost ?? Lost,
        Dropped = Dropped ?? next.Dropped,
        DroppedCount = Dropped is null ? next.DroppedCount : DroppedCount,
        Snapshot = next.Snapshot ?? Snapshot,
    };
}
