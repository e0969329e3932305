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

    // Microseconds until those are looked at again who had yet to take in what was sent.
    private const long SlowLook = 10_000;
    private const int LookupsOfTurn = 500;

    // A pattern is compared with every instrument.
    private const int LookupsOfPattern = 100;

    private readonly FilterIndex _index = new();
    private readonly HashSet<Subscriber> _all = [];
    private readonly Queue<Subscriber> _joining = new();
    private readonly Queue<Subscription> _unresolved = new();
    private readonly Agenda<Subscriber> _idle = new();
    private readonly Agenda<Subscriber> _expiring = new();

    // They have yet to take in what was sent: looked at now and then, not with every record.
    private readonly Queue<Subscriber> _slow = new();

    // By partition: what clients wait for who are ahead of this gateway.
    private readonly Dictionary<(TopicKind Topic, int Partition), Agenda<Membership>> _ahead = [];
    private long _nextLook;

    /// <summary>Clients connected.</summary>
    public int Count => _all.Count;

    /// <summary>Filters of all clients.</summary>
    public int Filters => _index.Count;

    /// <summary>Places in streams that wait for this gateway to read as far as their client is.</summary>
    public int Ahead => _ahead.Values.Sum(static waiting => waiting.Count);

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
            _expiring.Set(who, expires);
        }
    }

    public void Disconnect(Subscriber who)
    {
        if (who.IsGone)
        {
            return;
        }

        who.IsGone = true;
        _all.Remove(who);
        _idle.Remove(who);
        _expiring.Remove(who);
        foreach (var filter in who.Filters.Values)
        {
            filter.HasEnded = true;
            _index.Remove(filter);
        }

        foreach (var membership in who.Streams.Values)
        {
            Leave(membership);
        }

        who.Quota.ReturnStreams(who.Streams.Count);
        who.Quota.Release();
        who.Filters.Clear();
        who.Streams.Clear();
        who.Joining.Clear();
    }

    public HubWork OnTurn(HubView view)
    {
        if (!view.IsCaughtUp)
        {
            return HubWork.None;
        }

        var left = LookUpAgain(view);
        var replay = new StreamReplay(view);
        var budget = view.Options.TurnMessages;
        WakeAhead(view, ref budget);
        WakeSlow(view);
        for (var clients = _joining.Count; clients > 0 && budget > 0; clients--)
        {
            var who = _joining.Dequeue();
            who.IsQueued = false;
            if (!who.IsGone)
            {
                Advance(replay, who, ref budget);
            }
        }

        return _joining.Count > 0 ? HubWork.More : left == HubWork.None && _slow.Count > 0 ? HubWork.Soon : left;
    }

    public void OnTick(HubView view)
    {
        while (_expiring.TryTake(view.Now, out var expired))
        {
            expired.Outlet.Close(CloseCodes.TokenExpired.Code, CloseCodes.TokenExpired.Reason);
        }

        while (_idle.TryTake(view.Now, out var idle))
        {
            idle.Outlet.Close(CloseCodes.NoSubscription.Code, CloseCodes.NoSubscription.Reason);
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
                Leave(membership);
                membership.Cursor = Membership.FromSnapshot;
                Queue(membership);
            }
        }
    }

    private void StartIdle(HubView view, Subscriber who) => _idle.Set(who, view.Now + MarketTime.From(who.Options.SubscribeWithin));

    private HubWork LookUpAgain(HubView view)
    {
        for (var lookups = LookupsOfTurn; lookups > 0 && _unresolved.TryDequeue(out var filter); lookups--)
        {
            filter.IsQueued = false;
            if (!filter.HasEnded)
            {
                lookups -= filter.Unknown.Sum(static name => SymbolResolver.IsPattern(name) ? LookupsOfPattern : 1);
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
}
