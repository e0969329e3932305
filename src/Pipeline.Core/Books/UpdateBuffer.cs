using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>Updates of one book that wait for its snapshot, an unbroken row of them. Bounded: the oldest go.</summary>
/// <param name="budget">Shared with other books; null = no bound but its own. A book that finds it used up keeps what it can pay for.</param>
internal sealed class UpdateBuffer(int maxUpdates, int maxLevels, BufferBudget? budget = null)
{
    private ValueList<OrderBookUpdate> _updates = new();
    private ValueList<BookLevel> _levels = new();
    private int _first;

    public int Count => _updates.Count - _first;

    public ref OrderBookUpdate this[int index] => ref _updates[_first + index];

    public ReadOnlySpan<BookLevel> LevelsOf(in OrderBookUpdate update) => _levels.Span.Slice(update.FirstLevel, update.Bids + update.Asks);

    /// <summary>Returns how many are lost by it: those that made room, and this one when there is none at all.</summary>
    public int Add(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels)
    {
        var gone = 0;
        var cost = BufferBudget.CostOf(1, levels.Length);
        while (Count > 0 && (Count >= maxUpdates || LevelsHeld + levels.Length > maxLevels || cost > budget?.Left))
        {
            budget?.Return(BufferBudget.CostOf(1, this[0].Bids + this[0].Asks));
            _first++;
            gone++;
        }

        if (gone > 0)
        {
            Compact();
        }

        if (budget?.TryTake(cost) == false)
        {
            return gone + 1;
        }

        _updates.Add(update with { FirstLevel = _levels.Count });
        _levels.AddRange(levels);
        return gone;
    }

    /// <summary>The oldest leave; the memory is kept for those to come.</summary>
    public void RemoveFirst(int count)
    {
        for (; count > 0; count--)
        {
            budget?.Return(BufferBudget.CostOf(1, this[0].Bids + this[0].Asks));
            _first++;
        }

        if (Count == 0)
        {
            _updates.Truncate(0);
            _levels.Truncate(0);
            _first = 0;
        }
        else
        {
            Compact();
        }
    }

    /// <summary>Gives the memory back too: books stand most of the time, and there are many.</summary>
    public void Clear()
    {
        budget?.Return(BufferBudget.CostOf(Count, LevelsHeld));
        if (_updates.Count > 0)
        {
            _updates = new ValueList<OrderBookUpdate>();
            _levels = new ValueList<BookLevel>();
        }

        _first = 0;
    }

    private int LevelsHeld => Count == 0 ? 0 : _levels.Count - this[0].FirstLevel;

    /// <summary>Moves what is held to the front once more than as much lies dead before it.</summary>
    private void Compact()
    {
        if (Count == 0)
        {
            Clear();
            return;
        }

        var (dead, levels, count) = (this[0].FirstLevel, LevelsHeld, Count);
        if (_first < count && dead <= levels)
        {
            return;
        }

        for (var i = 0; i < levels; i++)
        {
            _levels[i] = _levels[dead + i];
        }

        for (var i = 0; i < count; i++)
        {
            _updates[i] = _updates[_first + i] with { FirstLevel = _updates[_first + i].FirstLevel - dead };
        }

        _levels.Truncate(levels);
        _updates.Truncate(count);
        _first = 0;
    }
}
