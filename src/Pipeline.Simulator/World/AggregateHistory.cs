namespace Pipeline.Simulator.World;

/// <summary>
/// The aggregate trades of a symbol, made from its trades when somebody asks: ids and times of both grow together, so nothing has
/// to be kept twice.
/// </summary>
internal sealed class AggregateHistory(TradeHistory trades, long startId)
{
    /// <summary>Id of the first aggregate ever made.</summary>
    public long StartId { get; } = startId;

    /// <summary>One past the newest id that is complete.</summary>
    public long NextId { get; set; } = startId;

    /// <summary>The oldest aggregate of which every trade is kept; <see cref="NextId"/> when there is none.</summary>
    public long OldestId
    {
        get
        {
            var oldest = trades.OldestId;
            return oldest >= trades.NextId ? NextId
                : oldest == trades.StartId ? StartId
                : Math.Min(NextId, trades[oldest].AggregateId + 1);
        }
    }

    /// <summary>Id of the first aggregate that began at or after <paramref name="time"/>; <see cref="NextId"/> when there is none.</summary>
    public long FindTime(long time)
    {
        var id = trades.FindTime(time);
        if (id >= trades.NextId)
        {
            return NextId;
        }

        var aggregate = trades[id].AggregateId;
        var isFirst = id == trades.FindAggregate(aggregate);
        return Math.Clamp(isFirst ? aggregate : aggregate + 1, OldestId, NextId);
    }

    /// <summary>Aggregates from <paramref name="fromId"/> on, oldest first, up to and including <paramref name="until"/> in time.</summary>
    public List<AggregateTrade> Read(long fromId, long until, int limit)
    {
        var found = new List<AggregateTrade>();
        var next = trades.FindAggregate(Math.Max(fromId, OldestId));
        while (found.Count < limit && SkipHole(ref next) && TryReadOne(ref next, out var aggregate) && aggregate.Time <= until)
        {
            found.Add(aggregate);
        }

        return found;
    }

    /// <summary>Moves on to the next trade that was made; false when there is none.</summary>
    private bool SkipHole(ref long next)
    {
        while (next < trades.NextId && !trades[next].IsMade)
        {
            next++;
        }

        return next < trades.NextId;
    }

    private bool TryReadOne(ref long next, out AggregateTrade aggregate)
    {
        var first = trades[next];
        var (quantity, last) = (first.Quantity, first.Id);
        for (next++; next < trades.NextId && trades[next].AggregateId == first.AggregateId; next++)
        {
            if (trades[next].Kind == TradeKind.Market)
            {
                quantity += trades[next].Quantity;
                last = next;
            }
        }

        aggregate = new AggregateTrade(first.AggregateId, first.Id, last, first.Price, quantity, first.Time, first.TakerBuys);
        return aggregate.Id < NextId;
    }
}
