using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <content>Letting clients into their streams, some of them a turn.</content>
internal sealed partial class SubscriberDesk
{
    /// <summary>Clients that were ahead, as far as the log has been read to where they are.</summary>
    private void WakeAhead(HubView view, ref int budget)
    {
        foreach (var (place, waiting) in _ahead)
        {
            var position = view.PositionOf(place.Topic, place.Partition);
            while (budget > 0 && waiting.TryTake(position, out var membership))
            {
                budget--;
                membership.IsAhead = false;
                Queue(membership);
            }

            if (waiting.Count == 0)
            {
                _ahead.Remove(place);
            }
        }
    }

    private void WakeSlow(HubView view)
    {
        if (_slow.Count == 0 || view.Now < _nextLook)
        {
            return;
        }

        _nextLook = view.Now + SlowLook;
        while (_slow.TryDequeue(out var who))
        {
            _joining.Enqueue(who);
        }
    }

    /// <summary>Lets a client into some of the streams that it waits for.</summary>
    private void Advance(StreamReplay replay, Subscriber who, ref int budget)
    {
        for (var portion = Math.Min(PortionOfClient, who.Joining.Count); portion > 0 && budget > 0; portion--)
        {
            if (who.Outlet.WaitingBytes > who.Options.SnapshotBytes)
            {
                who.IsQueued = true;
                _slow.Enqueue(who);
                return;
            }

            budget--;
            var membership = who.Joining.Dequeue();
            membership.IsQueued = false;
            if (membership.Filters > 0 && !membership.IsIn && !Join(replay, membership, ref budget))
            {
                membership.IsQueued = true;
                who.Joining.Enqueue(membership);
            }
        }

        if (who.Joining.Count > 0)
        {
            who.IsQueued = true;
            _joining.Enqueue(who);
        }
    }

    /// <returns>False when there is more to send before it may go into the room.</returns>
    private bool Join(StreamReplay replay, Membership membership, ref int budget)
    {
        var who = membership.Owner;
        if (membership.Cursor == Membership.FromSnapshot)
        {
            budget -= replay.SendSnapshot(who.Outlet, membership);
        }
        else
        {
            var state = replay.Send(who.Outlet, membership, Math.Clamp(budget, 1, PortionOfReplay), out var cost);
            budget -= cost;
            switch (state)
            {
                case ReplayState.More:
                    return false;
                case ReplayState.Ahead:
                    WaitForLog(replay.View, membership);
                    return true;
                case ReplayState.Lost:
                    // It was promised the whole, and took so long that it cannot have it.
                    who.Outlet.Close(CloseCodes.SlowClient.Code, CloseCodes.SlowClient.Reason);
                    return true;
            }
        }

        (membership.IsMinor ? membership.Stream.MinorRoom : membership.Stream.Room).Add(who.Outlet);
        membership.IsIn = true;
        return true;
    }

    /// <summary>Nothing is done for it until the log has been read beyond what it has.</summary>
    private void WaitForLog(HubView view, Membership membership)
    {
        var place = (TopicKinds.Of(membership.Stream.Kind), view.PartitionOf(membership.Stream));
        if (!_ahead.TryGetValue(place, out var waiting))
        {
            _ahead.Add(place, waiting = new Agenda<Membership>());
        }

        membership.IsAhead = true;
        membership.AheadOf = place;
        waiting.Set(membership, membership.Cursor + 1);
    }

    /// <summary>Out of the room, and out of where it waits.</summary>
    private void Leave(Membership membership)
    {
        if (membership.IsIn)
        {
            membership.IsIn = false;
            (membership.IsMinor ? membership.Stream.MinorRoom : membership.Stream.Room).Remove(membership.Owner.Outlet);
        }

        if (membership.IsAhead)
        {
            membership.IsAhead = false;
            _ahead[membership.AheadOf].Remove(membership);
        }
    }

    private void Queue(Membership membership)
    {
        var who = membership.Owner;
        if (membership.IsAhead)
        {
            return;
        }

        if (!membership.IsQueued)
        {
            membership.IsQueued = true;
            who.Joining.Enqueue(membership);
        }

        if (!who.IsQueued)
        {
            who.IsQueued = true;
            _joining.Enqueue(who);
        }
    }
}
