namespace Pipeline.Core.Sequencing;

/// <summary>
/// Decides, for one instrument and a channel whose ids are contiguous, which copy goes on: one of each id, ids rising, holes found.
/// The first id ever is the anchor. Plain and synchronous; no clock.
/// </summary>
internal sealed class Arbiter
{
    // Open holes remembered to tell a late arrival from a second copy. Beyond this many the oldest is forgotten.
    private const int MaxHoles = 64;

    private readonly List<Hole> _holes = [];

    /// <summary>Highest id that went on; -1 before the first.</summary>
    public long Frontier { get; private set; } = -1;

    /// <param name="missing">Ids between the frontier and <paramref name="id"/> when the verdict is <see cref="Verdict.AfterHole"/>.</param>
    public Verdict Judge(long id, out long missing)
    {
        missing = 0;
        if (id <= Frontier)
        {
            return TakeFromHole(id) ? Verdict.Late : Verdict.Duplicate;
        }

        var expected = Frontier + 1;
        var isNext = Frontier < 0 || id == expected;
        Frontier = id;
        if (isNext)
        {
            return Verdict.Next;
        }

        missing = id - expected;
        if (_holes.Count == MaxHoles)
        {
            _holes.RemoveAt(0);
        }

        _holes.Add(new Hole(expected, id - 1));
        return Verdict.AfterHole;
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
                _holes.Insert(i++, hole with { Last = id - 1 });
            }

            if (id < hole.Last)
            {
                _holes.Insert(i, hole with { First = id + 1 });
            }

            return true;
        }

        return false;
    }

    private readonly record struct Hole(long First, long Last);
}
