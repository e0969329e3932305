namespace Pipeline.Core.Feeds.Pooling;

/// <content>
/// How a stream gets to a connection with another number of legs: subscribed to in the new place first, left in the old one when the
/// new one has been confirmed for a while. In between both carry it, and ids sort out what comes twice.
/// </content>
internal sealed partial class ConnectionPool
{
    private static readonly Comparer<PooledStream> ByLeaving =
        Comparer<PooledStream>.Create(static (a, b) => (a.LeaveAt, a.Order).CompareTo((b.LeaveAt, b.Order)));

    /// <summary>Streams that are confirmed in their new place and not yet left in the old one.</summary>
    private readonly SortedSet<PooledStream> _leaving = new(ByLeaving);

    private int _moving;

    /// <summary>Streams that are on two connections.</summary>
    internal int Moving => Volatile.Read(ref _moving);

    /// <summary>Lets a stream that is subscribed to be carried otherwise; nothing happens where it is not, or is carried so already.</summary>
    public void Update(FeedStream stream)
    {
        PooledStream? entry;
        bool isOpen;
        lock (_gate)
        {
            isOpen = _streams.TryGetValue(stream.Name, out entry) && !_isStopped && Change(entry, stream);
        }

        if (isOpen)
        {
            _requests.OnNext(entry!);
        }
    }

    /// <summary>What became of wishes on a connection.</summary>
    public void Settled(IPooledConnection connection, SubscriptionOutcome outcome)
    {
        if (Moving == 0 || outcome is not { IsConfirmed: true, Action: SubscriptionAction.Subscribe })
        {
            return;
        }

        lock (_gate)
        {
            foreach (var name in outcome.Streams)
            {
                if (_streams.GetValueOrDefault(name) is { Old: not null, LeaveAt: null } stream && stream.Slot!.Connection == connection)
                {
                    stream.LeaveAt = Now() + _overlap;
                    _leaving.Add(stream);
                }
            }

            Arm();
        }
    }

    /// <summary>True when it has to find another place; the newest wish counts.</summary>
    private static bool Change(PooledStream entry, FeedStream stream)
    {
        var before = entry.Legs;
        entry.Legs = stream.Legs ?? before;
        return entry.Legs != before && !entry.IsPlaced;
    }

    /// <summary>Before a place is looked for: what it has is its old one.</summary>
    private static void Lift(PooledStream stream) => (stream.Old, stream.Slot) = (stream.Slot, null);

    /// <summary>After a place was looked for: where none was found it stays.</summary>
    private void SetDown(PooledStream stream)
    {
        if (stream.Old is not { } old)
        {
            return;
        }

        if (stream.Slot is not { } slot)
        {
            (stream.Slot, stream.Old) = (old, null);
            return;
        }

        _moving++;
        old.Connection.Share();
        slot.Connection.Share();
    }

    /// <summary>Those that have been in both places for long enough.</summary>
    private List<PooledStream> TakeMoved(TimeSpan now)
    {
        var moved = new List<PooledStream>();
        while (_leaving.Min is { } stream && stream.LeaveAt <= now)
        {
            _leaving.Remove(stream);
            moved.Add(stream);
        }

        return moved;
    }

    /// <summary>Leaves the old places of streams that are moving.</summary>
    private void EndMoves(List<PooledStream> streams)
    {
        var left = streams.ConvertAll(stream => (stream.Old!, stream.Name));
        streams.ForEach(EndMove);
        Take(left);

        // What was wished for meanwhile is done now.
        _unplaced.UnionWith(streams.Where(stream => !stream.IsPlaced && _streams.GetValueOrDefault(stream.Name) == stream));
    }

    private void EndMove(PooledStream stream)
    {
        _leaving.Remove(stream);
        stream.Old!.Connection.Part();
        stream.Slot!.Connection.Part();
        (stream.Old, stream.LeaveAt) = (null, null);
        _moving--;
    }

    /// <summary>The connection is given up: what was on its way there stays where it was.</summary>
    private void TurnBack(PoolSlot slot)
    {
        var coming = _streams.Values.Where(stream => stream.Slot == slot && stream.Old is not null).ToList();
        foreach (var stream in coming)
        {
            var old = stream.Old;
            EndMove(stream);
            stream.Slot = old;
        }

        Take(coming.Select(stream => (slot, stream.Name)));
        _unplaced.UnionWith(coming);
        Arm();
    }
}
