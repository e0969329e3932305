namespace Pipeline.Core.Sequencing;

/// <summary>Ids that rise without being contiguous, such as the update ids of quotes and books: passes each one that is newer.</summary>
internal struct RisingIds
{
    private SeriesWatch _watch;
    private long _next;
    private long _time;
    private long _socket;

    /// <summary>Highest id that went on; -1 before the first.</summary>
    public readonly long Frontier => _next - 1;

    /// <summary><see cref="Verdict.Next"/>, <see cref="Verdict.Late"/>, <see cref="Verdict.Duplicate"/> or <see cref="Verdict.Reset"/>.</summary>
    /// <param name="time">Event time, microseconds; 0 where the venue sends none.</param>
    /// <param name="legs">
    /// Sockets that carry the stream: with several, what one brings behind another's is taken for a copy. However far it lies behind it
    /// is no new series: a leg that lags by seconds has ids that rise far below.
    /// </param>
    public Verdict Judge(long id, long time = 0, long socket = 0, int legs = 1)
    {
        var frontier = Frontier;
        if (id > frontier)
        {
            return Follow(id, time, socket, Verdict.Next);
        }

        if (legs > 1 && socket != _socket)
        {
            return Verdict.Duplicate;
        }

        var isOld = time != 0 && time <= _time;
        if (isOld || !_watch.IsNewSeries(id, frontier))
        {
            return id == frontier ? Verdict.Duplicate : Verdict.Late;
        }

        return Follow(id, time, socket, Verdict.Reset);
    }

    private Verdict Follow(long id, long time, long socket, Verdict verdict)
    {
        _watch = default;
        _next = id + 1;
        _time = time;
        _socket = socket;
        return verdict;
    }
}
