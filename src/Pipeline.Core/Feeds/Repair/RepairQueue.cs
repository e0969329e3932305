using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Repair;

/// <summary>
/// Whose turn it is among the holes of one venue: within an instrument the oldest, between instruments the one that has waited longest;
/// after each page the next instrument has its turn. Plain and synchronous; the caller guards it. Times in microseconds.
/// </summary>
internal sealed class RepairQueue(RepairOptions options, int capacity = RepairQueue.DefaultCapacity)
{
    /// <summary>Every hole of 500 instruments that have as many as an instrument may have.</summary>
    public const int DefaultCapacity = 32_000;

    private readonly Dictionary<Instrument, RepairLine> _lines = [];
    private readonly PriorityQueue<RepairLine, (long Due, long Ticket)> _turns = new();
    private long _ticket;
    private long _pausedUntil;

    /// <summary>Holes that are asked for, or wait for it.</summary>
    public int Count { get; private set; }

    /// <summary>When <see cref="Take"/> is wanted next; the maximum when never.</summary>
    public long NextDue
    {
        get
        {
            Clean();
            return _turns.TryPeek(out _, out var turn) ? Math.Max(turn.Due, _pausedUntil) : long.MaxValue;
        }
    }

    /// <summary>False when there is no room.</summary>
    public bool Add(RepairRequest request)
    {
        var line = _lines.TryGetValue(request.Instrument, out var known) ? known : null;
        if (line?.Find(request.FromId) is { } hole)
        {
            hole.Replace(request);
            return true;
        }

        if (Count >= capacity)
        {
            return false;
        }

        if (line is null)
        {
            line = new RepairLine(request.Instrument);
            _lines.Add(request.Instrument, line);
        }

        line.Add(new RepairHole(request, options));
        Count++;
        Put(line);
        return true;
    }

    public void Remove(Instrument instrument, long fromId)
    {
        if (_lines.TryGetValue(instrument, out var line) && line.Find(fromId) is { } hole)
        {
            hole.IsForgotten = true;
            Remove(line, hole);
        }
    }

    /// <summary>A hole to ask for now; it is to be given back by <see cref="Return"/>.</summary>
    public RepairHole? Take(long now)
    {
        Clean();
        if (now < _pausedUntil || !_turns.TryPeek(out var line, out var turn) || turn.Due > now)
        {
            return null;
        }

        _turns.Dequeue();
        line.Ticket = 0;
        line.IsBusy = true;
        line.ServedAt = now;
        return line.Oldest(now);
    }

    /// <summary>It was asked for; unless it was removed meanwhile, it is asked for again when it is due.</summary>
    public void Return(RepairHole hole)
    {
        if (!_lines.TryGetValue(hole.Instrument, out var line))
        {
            return;
        }

        line.IsBusy = false;
        if (line.Holes.Count == 0)
        {
            _lines.Remove(line.Instrument);
        }
        else
        {
            Put(line);
        }
    }

    /// <summary>The venue wants to be left alone.</summary>
    public void Pause(long until) => _pausedUntil = Math.Max(_pausedUntil, until);

    private void Remove(RepairLine line, RepairHole hole)
    {
        if (!line.Holes.Remove(hole))
        {
            return;
        }

        Count--;
        if (line.IsBusy)
        {
            return;
        }

        if (line.Holes.Count == 0)
        {
            line.Ticket = 0;
            _lines.Remove(line.Instrument);
        }
        else
        {
            Put(line);
        }
    }

    private void Put(RepairLine line)
    {
        if (!line.IsBusy)
        {
            line.Ticket = ++_ticket;
            _turns.Enqueue(line, (Math.Max(line.Due, line.ServedAt), line.Ticket));
        }
    }

    /// <summary>Passes over entries of lines that have another place by now, or none.</summary>
    private void Clean()
    {
        while (_turns.TryPeek(out var line, out var turn) && line.Ticket != turn.Ticket)
        {
            _turns.Dequeue();
        }
    }
}
