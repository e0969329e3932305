namespace Pipeline.Core.Sequencing;

/// <summary>
/// Decides, for one instrument and a channel between whose rows no id is missing, which copy goes on: each id once, ids rising, holes
/// found. A row stands for one id or for a range of them. The first row ever is the anchor. Ids far below the frontier at later times,
/// three in a row, are a new series of the venue's, not copies: without that rule everything after a relisting, or after one absurd id,
/// would count as a copy for ever.
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

    /// <summary>Ids between the frontier and a row that begins with <paramref name="first"/> are missing.</summary>
    public bool IsAhead(long first) => Frontier >= 0 && first > Frontier + 1;

    /// <summary>Judges a row of one id.</summary>
    public Verdict Judge(long id, long time, out long missing) => Judge(id, id, time, out missing);

    /// <summary>Judges a row that stands for the ids <paramref name="first"/> to <paramref name="last"/>.</summary>
    /// <param name="time">Event time of the copy, microseconds.</param>
    /// <param name="missing">
    /// Ids between the frontier and the row when the verdict is <see cref="Verdict.AfterHole"/>; ids of the row that are not covered
    /// when it is <see cref="Verdict.Overlap"/>.
    /// </param>
    public Verdict Judge(long first, long last, long time, out long missing)
    {
        missing = 0;
        first = Math.Min(first, last);
        if (last <= Frontier)
        {
            return JudgeOld(first, last, time);
        }

        _watch = default;
        var expected = Frontier + 1;
        var isFirstEver = Frontier < 0;
        Advance(last, time);
        if (isFirstEver || first == expected)
        {
            return Verdict.Next;
        }

        if (first < expected)
        {
            // Part of it went on already. Its quantity cannot be divided, so what is new of it is a hole.
            missing = last - expected + 1;
            Remember(new Hole(expected, last));
            return Verdict.Overlap;
        }

        missing = first - expected;
        Remember(new Hole(expected, first - 1));
        return Verdict.AfterHole;
    }

    private Verdict JudgeOld(long first, long last, long time)
    {
        // Copies and late arrivals are older than the frontier; only a new series has later times under lower ids.
        if (time <= _frontierTime || !_watch.IsNewSeries(last, Frontier))
        {
            return TakeFromHoles(first, last) ? Verdict.Late : Verdict.Duplicate;
        }

        _watch = default;
        _holes.Clear();
        Advance(last, time);
        return Verdict.Reset;
    }

    private void Advance(long id, long time)
    {
        Frontier = id;
        _frontierTime = time;
    }

    private bool TakeFromHoles(long first, long last)
    {
        var isTaken = false;
        for (var i = _holes.Count - 1; i >= 0; i--)
        {
            var hole = _holes[i];
            if (last < hole.First || first > hole.Last)
            {
                continue;
            }

            // What is left of it goes to the end, where this walk does not come.
            isTaken = true;
            _holes.RemoveAt(i);
            if (hole.First < first)
            {
                Remember(hole with { Last = first - 1 });
            }

            if (last < hole.Last)
            {
                Remember(hole with { First = last + 1 });
            }
        }

        return isTaken;
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
