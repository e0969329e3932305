using Pipeline.Core.Market;
using Pipeline.Fanout;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Streams;
using Pipeline.Gateway.WebSockets.Requests;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>
/// Who subscribes to what. Requests are answered between two records; streams are joined one after the other, each snapshot together with
/// entering the room, as fast as the client takes them. Only for the hub's thread.
/// </summary>
internal sealed partial class SubscriberDesk : IHubWorker
{
    // Of one client in its turn; the next client is not kept waiting by one with thousands of streams.
    private const int PortionOfClient = 64;
    private const int PortionOfReplay = 512;
    private const int LookupsOfTurn = 500;

    private readonly FilterIndex _index = new();
    private readonly HashSet<Subscriber> _all = [];
    private readonly Queue<Subscriber> _joining = new();
    private readonly Queue<Subscription> _unresolved = new();
    private readonly Queue<(Subscriber Who, long Since)> _idle = new();
    private readonly PriorityQueue<Subscriber, long> _expiring = new();

    /// <summary>Clients connected.</summary>
    public int Count => _all.Count;

    /// <summary>Filters of all clients.</summary>
    public int Filters => _index.Count;

    public void Connect(HubView view, Subscriber who)
    {
        if (who.IsGone)
        {
            return;
        }

        _all.Add(who);
        StartIdle(view, who);
        if (who.Expires is { } expires)
        {
            _expiring.Enqueue(who, expires);
        }
    }

    public void Disconnect(Subscriber who)
    {
        who.IsGone = true;
        _all.Remove(who);
        foreach (var filter in who.Filters.Values)
        {
            filter.HasEnded = true;
            _index.Remove(filter);
        }

        foreach (var membership in who.Streams.Values)
        {
            Leave(who, membership);
        }

        who.Filters.Clear();
        who.Streams.Clear();
        who.Joining.Clear();
    }

    public HubWork OnTurn(HubView view)
    {
        var left = LookUpAgain(view);
        var replay = new StreamReplay(view);
        var joins = view.Options.TurnJoins;
        for (var clients = _joining.Count; clients > 0 && joins > 0; clients--)
        {
            var who = _joining.Dequeue();
            who.IsQueued = false;
            if (who.IsGone)
            {
                continue;
            }

            var work = Advance(replay, who, ref joins);
            if (work != HubWork.None)
            {
                who.IsQueued = true;
                _joining.Enqueue(who);
                left = work > left ? work : left;
            }
        }

        return joins <= 0 && _joining.Count > 0 ? HubWork.More : left;
    }

    public void OnTick(HubView view)
    {
        while (_expiring.TryPeek(out var expiring, out var expires) && expires <= view.Now)
        {
            _expiring.Dequeue();
            if (!expiring.IsGone)
            {
                expiring.Outlet.Close(CloseCodes.TokenExpired.Code, CloseCodes.TokenExpired.Reason);
            }
        }

        while (_idle.TryPeek(out var idle) && view.Now - idle.Since >= MarketTime.From(idle.Who.Options.SubscribeWithin))
        {
            _idle.Dequeue();
            if (!idle.Who.IsGone && idle.Who.IdleSince == idle.Since)
            {
                idle.Who.Outlet.Close(CloseCodes.NoSubscription.Code, CloseCodes.NoSubscription.Reason);
            }
        }
    }

    public void OnAppeared(HubView view, MarketStream stream)
    {
        foreach (var filter in _index.TakersOf(stream))
        {
            Enter(filter, stream, null);

            // Its first record is about to be published: there is no snapshot to wait for, and the client must not miss it.
            if (filter.Owner.Streams.TryGetValue(stream, out var membership) && !membership.IsIn)
            {
                (membership.IsMinor ? stream.MinorRoom : stream.Room).Add(filter.Owner.Outlet);
                membership.IsIn = true;
            }
        }
    }

    public void OnInstruments(HubView view)
    {
        foreach (var filter in _index.Unresolved)
        {
            Queue(filter);
        }
    }

    public void OnNewLog(HubView view)
    {
        var message = Replies.Epoch(view.LogId);
        foreach (var who in _all)
        {
            who.Outlet.Post(message, Delivery.Required);
            foreach (var membership in who.Streams.Values)
            {
                Leave(who, membership);
                membership.Cursor = Membership.FromSnapshot;
                Queue(who, membership);
            }
        }
    }

    private void StartIdle(HubView view, Subscriber who)
    {
        who.IdleSince = view.Now;
        _idle.Enqueue((who, view.Now));
    }

    /// <summary>Lets a client into some of the streams that it waits for.</summary>
    private static HubWork Advance(StreamReplay replay, Subscriber who, ref int joins)
    {
        var left = HubWork.None;
        for (var portion = Math.Min(PortionOfClient, who.Joining.Count); portion > 0; portion--)
        {
            if (who.Outlet.WaitingBytes > who.Options.SnapshotBytes)
            {
                return HubWork.Soon;
            }

            joins--;
            var membership = who.Joining.Dequeue();
            membership.IsQueued = false;
            var work = membership.Filters > 0 && !membership.IsIn ? Join(replay, who, membership) : HubWork.None;
            if (work != HubWork.None)
            {
                membership.IsQueued = true;
                who.Joining.Enqueue(membership);
                left = work > left ? work : left;
            }
        }

        return who.Joining.Count == 0 ? HubWork.None : left == HubWork.Soon ? left : HubWork.More;
    }

    /// <returns>What has to be done before it may go into the room.</returns>
    private static HubWork Join(StreamReplay replay, Subscriber who, Membership membership)
    {
        if (membership.Cursor == Membership.FromSnapshot)
        {
            replay.SendSnapshot(who.Outlet, membership);
        }
        else
        {
            switch (replay.Send(who.Outlet, membership, PortionOfReplay))
            {
                case ReplayState.More:
                    return HubWork.More;
                case ReplayState.Ahead:
                    return HubWork.Soon;
                case ReplayState.Lost:
                    // It was promised the whole, and took so long that it cannot have it.
                    who.Outlet.Close(CloseCodes.SlowClient.Code, CloseCodes.SlowClient.Reason);
                    return HubWork.None;
            }
        }

        (membership.IsMinor ? membership.Stream.MinorRoom : membership.Stream.Room).Add(who.Outlet);
        membership.IsIn = true;
        return HubWork.None;
    }

    private static void Leave(Subscriber who, Membership membership)
    {
        if (membership.IsIn)
        {
            membership.IsIn = false;
            (membership.IsMinor ? membership.Stream.MinorRoom : membership.Stream.Room).Remove(who.Outlet);
        }
    }

    private HubWork LookUpAgain(HubView view)
    {
        for (var lookups = LookupsOfTurn; lookups > 0 && _unresolved.TryDequeue(out var filter); lookups -= filter.Unknown.Count)
        {
            filter.IsQueued = false;
            if (!filter.HasEnded)
            {
                LookUp(view, filter);
            }
        }

        return _unresolved.Count > 0 ? HubWork.More : HubWork.None;
    }

    private void LookUp(HubView view, Subscription filter)
    {
        foreach (var name in filter.Unknown.ToArray())
        {
            var found = SymbolResolver.Find(view.Instruments, filter.Exchanges, name);
            foreach (var instrument in found)
            {
                Know(view, filter, $"{instrument.Info.Venue}:{instrument.Info.Id}");
            }

            // A pattern goes on fitting what comes later.
            if (found.Count > 0 && !SymbolResolver.IsPattern(name))
            {
                filter.Unknown.Remove(name);
            }
        }

        if (filter.Unknown.Count == 0)
        {
            _index.Unresolved.Remove(filter);
        }
    }

    /// <summary>An instrument turns out to be meant by a filter.</summary>
    private void Know(HubView view, Subscription filter, string instrument)
    {
        if (!filter.Filter.Instruments!.Add(instrument))
        {
            return;
        }

        _index.AddInstrument(filter, instrument);
        foreach (var stream in view.Streams.FindInstrument(instrument)?.All.Where(filter.Filter.Takes) ?? [])
        {
            Enter(filter, stream, null);
        }
    }

    private void Queue(Subscription filter)
    {
        if (!filter.IsQueued && !filter.HasEnded)
        {
            filter.IsQueued = true;
            _unresolved.Enqueue(filter);
        }
    }

    private void Queue(Subscriber who, Membership membership)
    {
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
