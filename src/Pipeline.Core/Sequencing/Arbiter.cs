namespace Pipeline.Core.Sequencing;

/// <summary>
/// Decides, for one instrument and a channel whose ids are contiguous, which copy goes on: one of each id, ids rising, holes found.
/// The first id ever is the anchor. Ids far below the frontier at later times, three in a row, are a new series of the venue's, not
/// copies: without that rule everything after a relisting, or after one absurd id, would count as a copy for ever.
/// Plain and synchronous; no clock.
/// </summary>
internal sealed class Arbiter
{
    /// <summary>Open holes remembered to tell a late arrival from a second copy; beyond this many the oldest is forgotten.</summary>
    public const int MaxHoles = 64;

    private readonly List<Hole> _holes = [];
    private SeriesWatch _watch;
    private long _frontierTime = long.MinValue;

    /// <summary>Highest id that went on; -1 before the first.</summary>
    public long Frontier { get; private set; } = -1;

    /// <summary>Holes remembered now.</summary>
    public int Holes => _holes.Count;

    /// <param name="time">Event time of the copy, microseconds.</param>
    /// <param name="missing">Ids between the frontier and <paramref name="id"/> when the verdict is <see cref="Verdict.AfterHole"/>.</param>
    public Verdict Judge(long id, long time, out long missing)
    {
        missing = 0;
        if (id <= Frontier)
        {
            return JudgeOld(id, time);
        }

        _watch = default;
        var expected = Frontier + 1;
        var isNext = Frontier < 0 || id == expected;
        Advance(id, time);
        if (isNext)
        {
            return Verdict.Next;
        }

        missing = id - expected;
        Remember(new Hole(expected, id - 1));
        return Verdict.AfterHole;
    }

    private Verdict JudgeOld(long id, long time)
    {
        // Copies and late arrivals are older than the frontier; only a new series has later times under lower ids.
        if (time <= _frontierTime || !_watch.IsNewSeries(id, Frontier))
        {
            return TakeFromHole(id) ? Verdict.Late : Verdict.Duplicate;
        }

        _watch = default;
        _holes.Clear();
        Advance(id, time);
        return Verdict.Reset;
    }

    private void Advance(long id, long time)
    {
        Frontier = id;
        _frontierTime = time;
    }

    private bool TakeFromHole(long id)
    {
        for (var i = _holes.Count - 1; i >= 0; i--)
        {
            var hole = _holes[i];
            if (id < hole.First || id > hole.Last)
            {
                continue;
            }

            _holes.RemoveAt(i);
            if (hole.First < id)
            {
                Remember(hole with { Last = id - 1 });
            }

            if (id < hole.Last)
            {
                Remember(hole with { First = id + 1 });
            }

            return true;
        }

        return false;
    }

    private void Remember(Hole hole)
    {
        while (_holes.Count >= MaxHoles)
        {
            _holes.RemoveAt(0);
        }

        _holes.Add(hole);
    }

    private readonly record struct Hole(long First, long Last);
}
