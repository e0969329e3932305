using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>The best levels of one side as they were published last, best first.</summary>
internal sealed class TopLevels(int depth)
{
    private readonly long[] _keys = new long[depth];
    private readonly BookLevel[] _levels = new BookLevel[depth];
    private int _count;

    /// <summary>Takes over the side's best levels and appends them; returns how many.</summary>
    public int Copy(BookSide side, ValueList<BookLevel> into)
    {
        Take(side, 0);
        into.AddRange(_levels.AsSpan(0, _count));
        return _count;
    }

    /// <summary>
    /// Takes over the side's best levels and appends what differs, quantity zero for what is no longer among them; returns how many.
    /// </summary>
    public int Follow(BookSide side, ValueList<BookLevel> into)
    {
        // What is better than the best change is as it was.
        var start = Math.Min(side.BestChange, _count);
        var before = into.Count;
        var count = Math.Min(depth, side.Count);
        var (old, now) = (start, start);
        while (old < _count || now < count)
        {
            var oldKey = old < _count ? _keys[old] : long.MinValue;
            var nowKey = now < count ? side.KeyAt(now) : long.MinValue;
            if (oldKey > nowKey)
            {
                into.Add(_levels[old++] with { Quantity = Number.Zero });
            }
            else if (oldKey < nowKey)
            {
                into.Add(side.At(now++));
            }
            else
            {
                if (_levels[old].Quantity != side.At(now).Quantity)
                {
                    into.Add(side.At(now));
                }

                old++;
                now++;
            }
        }

        Take(side, start);
        return into.Count - before;
    }

    private void Take(BookSide side, int start)
    {
        _count = Math.Min(depth, side.Count);
        for (var i = start; i < _count; i++)
        {
            _keys[i] = side.KeyAt(i);
            _levels[i] = side.At(i);
        }
    }
}
