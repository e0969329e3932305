using Pipeline.Core.Feeds.Subscriptions;

namespace Pipeline.Core.Feeds.Pooling;

/// <summary>One connection kept open for ever, the streams on it, and the watch over both.</summary>
internal sealed class Leg
{
    private readonly IVenueAdapter _adapter;
    private readonly ILegObserver _observer;
    private volatile bool _isOpen;
    private volatile bool _hasData;
    private volatile bool _isAnnounced;
    private int _retired;

    /// <param name="reason">Why it is opened.</param>
    /// <param name="outage">Time without data before it, where that is known.</param>
    public Leg(LegParts parts, ILegObserver observer, ReconnectionReason reason = ReconnectionReason.Initial, TimeSpan? outage = null)
    {
        _adapter = parts.Adapter;
        _observer = observer;
        Reason = reason;
        Connection = new FeedConnection(
            parts.Source, parts.Address, parts.Transport, parts.Options.WebSocket, parts.MarketClock, parts.Clock.Provider, parts.Metrics,
            parts.Adapter.CarriesData, parts.Random, parts.Adapter.KeepAlive, parts.Gate,
            new ReconnectionInfo(reason, outage ?? TimeSpan.Zero), parts.Traffic, parts.Adapter.IsShutdownNotice);
        Watch = new LegWatch(this, observer, parts.Options.WebSocket, parts.Clock);
        Connection.Holding = Watch.Held;

        // Before the session: that it is open is told before what becomes of its streams.
        Connection.ReconnectionHappened.Subscribe(Opened);
        Connection.DisconnectionHappened.Subscribe(Lost);
        Connection.ShutdownAnnounced.Subscribe(notice => _observer.ShutdownAnnounced(this, notice));
        Connection.ReconnectScheduled.Subscribe(info => _observer.RetryScheduled(this, info));
        Connection.MessageReceived.Subscribe(
            Look, error => _observer.Ended(this, error), () => _observer.Ended(this, null));
        Session = new SubscriptionSession(parts.Adapter, Connection, parts.Options.Pool, parts.Clock.Provider, parts.Metrics, parts.Shared);
        Session.Outcomes.Subscribe(Settled);
    }

    public FeedConnection Connection { get; }

    public SubscriptionSession Session { get; }

    public LegWatch Watch { get; }

    /// <summary>Why the newest socket was opened.</summary>
    public ReconnectionReason Reason { get; private set; }

    public bool IsOpen => _isOpen;

    /// <summary>Whether its newest socket has brought data.</summary>
    public bool HasData => _hasData;

    /// <summary>Whether the venue has said that it is about to end its newest socket.</summary>
    public bool IsAnnounced
    {
        get => _isAnnounced;
        set => _isAnnounced = value;
    }

    /// <summary>Whether every stream has been answered for, one way or the other, on the open socket.</summary>
    public bool IsSubscribed => _isOpen && Session.States.Values.All(state => state != StreamState.Requested);

    /// <summary>
    /// Closes it for good. Nobody watches it or asks for anything on it any more, but what still arrives is passed on. Completes when it
    /// is gone.
    /// </summary>
    public Task RetireAsync(DisconnectionReason reason)
    {
        LetGo();
        return Connection.CloseAsync(reason);
    }

    /// <summary>Closes it for good, when all is stopped at once without passing anything on any more; completes when it is gone.</summary>
    public Task StopAsync(DisconnectionReason reason)
    {
        LetGo();
        return reason == DisconnectionReason.Stopped ? Connection.DisposeAsync().AsTask() : Connection.CloseAsync(reason);
    }

    private void LetGo()
    {
        if (Interlocked.Exchange(ref _retired, 1) == 0)
        {
            Watch.Dispose();
            Session.Dispose();
        }
    }

    private void Opened(ReconnectionInfo info)
    {
        _isOpen = true;
        _hasData = false;
        _isAnnounced = false;
        Reason = info.Reason;
        Watch.Opened();
        _observer.Opened(this, info);
    }

    private void Lost(DisconnectionInfo info)
    {
        _isOpen = false;
        Watch.Closed();
        _observer.Lost(this, info);
    }

    private void Settled(SubscriptionOutcome outcome)
    {
        if (outcome is { IsConfirmed: true, Action: SubscriptionAction.Subscribe })
        {
            Watch.Confirmed();
        }

        _observer.Settled(this, outcome);
    }

    private void Look(FrameBatch batch)
    {
        // Pings are not frames, and nearly every frame is data: the first one asked about answers for the batch.
        var isData = _adapter.CarriesData(batch);
        if (isData)
        {
            var silence = Watch.Data();
            if (!_hasData)
            {
                _hasData = true;
                _observer.FirstData(this, batch, silence);
            }
        }

        _observer.Arrived(this, isData);
    }
}
