namespace Pipeline.Core.Sequencing;

/// <summary>Ids that rise without being contiguous, such as the update ids of quotes and books: passes each one that is newer.</summary>
internal struct RisingIds
{
    private SeriesWatch _watch;
    private long _next;

    /// <summary>Highest id that went on; -1 before the first.</summary>
    public readonly long Frontier => _next - 1;

    /// <summary><see cref="Verdict.Next"/>, <see cref="Verdict.Late"/>, <see cref="Verdict.Duplicate"/> or <see cref="Verdict.Reset"/>.</summary>
    public Verdict Judge(long id)
    {
        var frontier = Frontier;
        if (id > frontier)
        {
            _watch = default;
            _next = id + 1;
            return Verdict.Next;
        }

        if (!_watch.IsNewSeries(id, frontier))
        {
            return id == frontier ? Verdict.Duplicate : Verdict.Late;
        }

        _watch = default;
        _next = id + 1;
        return Verdict.Reset;
    }
}
