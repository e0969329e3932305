namespace Pipeline.Core.Sequencing;

/// <summary>
/// Notices that a venue has begun to count anew: ids far below the highest one, rising among themselves, several in a row. Single
/// stragglers and copies lie near the frontier.
/// </summary>
internal struct SeriesWatch
{
    /// <summary>Nearer to the frontier than this an id is a copy or a straggler.</summary>
    public const long FarBelow = 10_000;

    /// <summary>So many in a row are no accident.</summary>
    public const int Enough = 3;

    private long _last;
    private int _count;

    /// <summary>To be asked for every id at or below the frontier; start afresh with each id above it.</summary>
    public bool IsNewSeries(long id, long frontier, long farBelow = FarBelow)
    {
        if (frontier - id < farBelow)
        {
            return false;
        }

        _count = _count > 0 && id > _last ? _count + 1 : 1;
        _last = id;
        return _count >= Enough;
    }
}
