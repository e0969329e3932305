namespace Pipeline.Core.Sequencing;

/// <summary>The instruments of a lane that wait for ids, by when something is to be done about each.</summary>
internal sealed class HoldQueue
{
    private readonly PriorityQueue<InstrumentOrder, long> _due = new();

    /// <summary>When <see cref="TryTake"/> is wanted next, microseconds; the maximum when nothing is held.</summary>
    public long NextDeadline
    {
        get
        {
            Clean();
            return _due.TryPeek(out _, out var due) ? due : long.MaxValue;
        }
    }

    public bool IsEmpty => _due.Count == 0;

    /// <summary>To be called when the instrument's earliest deadline may have changed.</summary>
    public void Put(InstrumentOrder order)
    {
        var deadline = order.Deadline;
        if (deadline != order.QueuedFor)
        {
            order.QueuedFor = deadline;
            if (deadline != long.MaxValue)
            {
                _due.Enqueue(order, deadline);
            }
        }
    }

    /// <summary>Takes out an instrument whose wait is over.</summary>
    public bool TryTake(long now, out InstrumentOrder order)
    {
        Clean();
        if (!_due.TryPeek(out order!, out var due) || due > now)
        {
            return false;
        }

        _due.Dequeue();
        order.QueuedFor = long.MaxValue;
        return true;
    }

    /// <summary>Entries whose instrument has another deadline by now, or none, are passed over.</summary>
    private void Clean()
    {
        while (_due.TryPeek(out var order, out var due) && order.QueuedFor != due)
        {
            _due.Dequeue();
        }
    }
}
