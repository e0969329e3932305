using Pipeline.Core.Diagnostics;

namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// One place of a pooled connection: the leg in it, and a twin while that leg is being replaced. Make before break: the twin is opened and
/// subscribed by the side of the leg, frames of both flow, and the leg is closed when the twin is known to carry its streams.
/// <para>
/// A mute leg goes the same way: suspected, twin, switch as soon as the twin has data. Where the twin is as silent, the venue is, and only
/// a look every now and then follows. Whatever changes the place runs on one line, one thing at a time.
/// </para>
/// </summary>
internal sealed partial class LegPlace : ILegObserver
{
    private readonly PooledConnection _slot;
    private readonly LegParts _parts;
    private readonly string? _legName;
    private readonly SerialLine _line;
    private readonly ITimer _timer;

    private readonly LegRoster _legs = new();

    private volatile Leg _leg;
    private volatile bool _wasOpened;
    private volatile bool _isDisposed;
    private TimeSpan _openedAt;
    private int _reconnections;

    public LegPlace(PooledConnection slot, LegParts parts, string? legName)
    {
        _slot = slot;
        _parts = parts;
        _legName = legName;
        _line = new SerialLine(_ => Metrics.ObserverError(Venue));
        _timer = parts.Clock.CreateTimer(static me => ((LegPlace)me!).Fire(), this);
        _leg = Add(new Leg(parts, this));
    }

    /// <summary>Whether it is open or was never opened, and nothing speaks against it.</summary>
    public bool IsHealthy => (_leg.IsOpen || !_wasOpened) && (_suspicion is null || _isVenueSilent);

    public bool IsOpen => _leg.IsOpen;

    public bool IsReady => _leg.IsOpen && _leg.Session.IsReady;

    /// <summary>Whether whatever another place misses comes in here.</summary>
    public bool IsCovering => _leg.IsSubscribed && !_leg.Watch.IsSuspected;

    public int Confirmed => _leg.IsOpen ? _leg.Session.ConfirmedCount : 0;

    public IReadOnlyDictionary<string, StreamState> States => _leg.Session.States;

    public long Frames => _legs.Frames;

    public long WireBytes => _legs.WireBytes;

    public long PayloadBytes => _legs.PayloadBytes;

    public long BytesPerSecond => _legs.BytesPerSecond;

    public bool IsCompressed => _leg.Connection.IsCompressed;

    public long LastMessageAt => _legs.LastMessageAt;

    /// <summary>Sockets in use after the first; a twin that did not take over is none.</summary>
    public int Reconnections => Volatile.Read(ref _reconnections) + _leg.Connection.Reconnections;

    /// <summary>Legs that are not gone yet.</summary>
    public int LegsAlive => _legs.Count;

    private PipelineMetrics Metrics => _parts.Metrics;

    private string Venue => _parts.Adapter.Venue;

    private Continuity Continuity => _parts.Source.Continuity;

    private WebSocketOptions Options => _parts.Options.WebSocket;

    private TimeSpan Now => _parts.Clock.Now;

    public void Start() => _leg.Connection.Start();

    public void Subscribe(IReadOnlyCollection<string> streams) => _line.Run(() =>
    {
        _leg.Session.Subscribe(streams);
        if (_twin is { } twin)
        {
            Expect(streams);
            twin.Session.Subscribe(streams);
        }
    });

    public void Unsubscribe(IReadOnlyCollection<string> streams) => _line.Run(() =>
    {
        _leg.Session.Unsubscribe(streams);
        _twin?.Session.Unsubscribe(streams);
        foreach (var stream in streams)
        {
            _decision?.Overlap.Remove(stream);
        }

        Review();
    });

    public void Renew(string stream) => _line.Run(() =>
    {
        _leg.Session.Renew(stream);
        _twin?.Session.Renew(stream);
    });

    public Task ReconnectAsync() => _leg.Connection.ReconnectAsync();

    /// <summary>Closes everything and says why; completes when no receive loop runs any more.</summary>
    public async Task CloseAsync(DisconnectionReason reason)
    {
        var stopped = new TaskCompletionSource();
        _line.Run(() =>
        {
            try
            {
                Stop(reason);
            }
            finally
            {
                stopped.SetResult();
            }
        });
        await stopped.Task;
        await _legs.WhenGoneAsync();
    }

    void ILegObserver.Opened(Leg leg, ReconnectionInfo info)
    {
        _wasOpened = true;
        Tell(leg, new ConnectionOpened(Venue, _slot.Name, info));
        _line.Run(() =>
        {
            if (leg == _leg)
            {
                _openedAt = Now;
            }
            else if (leg == _twin)
            {
                _decision!.TwinOpened();
                Review();
            }
        });
    }

    void ILegObserver.Lost(Leg leg, DisconnectionInfo info)
    {
        // At once: what another socket of this connection brings from now on comes after a break.
        if (info.WasConnected && leg == _leg && Continuity.Legs > 0 && !(_twin is not null && _isOver) && !_slot.IsCovered(this))
        {
            Continuity.Break();
        }

        Tell(leg, new ConnectionLost(Venue, _slot.Name, info));
        _line.Run(() => AfterLoss(leg, info));
    }

    void ILegObserver.ShutdownAnnounced(Leg leg, ShutdownNotice notice)
    {
        leg.IsAnnounced = true;
        Tell(leg, new ShutdownAnnounced(Venue, _slot.Name, notice.Words));
    }

    void ILegObserver.RetryScheduled(Leg leg, RetryInfo info) => Tell(leg, new ConnectionRetryScheduled(Venue, _slot.Name, info));

    void ILegObserver.Ended(Leg leg, Exception? error) => _line.Run(() => AfterEnd(leg, error));

    void ILegObserver.Settled(Leg leg, SubscriptionOutcome outcome) => _line.Run(() =>
    {
        if (leg == _leg)
        {
            // Told first: what goes unanswered on a suspected connection is no news.
            if (outcome.IsUnanswered && !_isDisposed && leg.Watch.SuspectIfSilentFor(_parts.Adapter.Limits.AckTimeout))
            {
                LegSilent("no data, and requests are not answered");
            }

            _slot.Settled(this, outcome, _legName);
        }
        else if (leg == _twin && outcome.Action == SubscriptionAction.Subscribe)
        {
            TwinSettled(outcome);
        }
    });

    void ILegObserver.FirstData(Leg leg, FrameBatch batch, TimeSpan? silence)
    {
        if (leg == _twin && _breaksFirst)
        {
            // Nobody has seen the batch yet; it is the first after what the leg kept from us.
            Continuity.Break();
            batch.Origin = batch.Origin with { Series = Continuity.Series };
        }

        _line.Run(() => AfterFirstData(leg, silence));
    }

    void ILegObserver.Paused(Leg leg, TimeSpan held)
    {
        Metrics.Paused(Venue);
        Tell(leg, new ConnectionPaused(Venue, _slot.Name, held));
    }

    void ILegObserver.Resumed(Leg leg, TimeSpan lasted) => Tell(leg, new ConnectionResumed(Venue, _slot.Name, lasted));

    void ILegObserver.Overloaded(Leg leg) => leg.Connection.End(DisconnectionReason.Overload);

    private Leg Add(Leg leg)
    {
        _legs.Add(leg);
        _slot.Attach(leg.Connection.MessageReceived);
        return leg;
    }

    /// <summary>Closes a leg that is not in use any more, or not to be.</summary>
    private void Retire(Leg leg, DisconnectionReason reason) => _legs.Close(leg, () => leg.RetireAsync(reason));

    private void Stop(DisconnectionReason reason)
    {
        _isDisposed = true;
        _timer.Dispose();
        if (_twin is { } twin)
        {
            _legs.Close(twin, () => twin.StopAsync(reason));
        }

        _legs.Close(_leg, () => _leg.StopAsync(reason));
        Abandon();
    }

    private void AfterLoss(Leg leg, DisconnectionInfo info)
    {
        Close(leg);
        if (_isDisposed || !info.WasConnected)
        {
            return;
        }

        if (leg == _twin)
        {
            _decision!.TwinLost();
            Review();
        }
        else if (leg == _leg)
        {
            if (_twin is not null)
            {
                TakeOver(legIsGone: true);
            }
            else
            {
                ForgetSuspicion();
                ForgetRetry();
            }
        }
    }

    private void AfterEnd(Leg leg, Exception? error)
    {
        if (_isDisposed)
        {
            return;
        }

        if (leg == _twin)
        {
            _decision!.TwinFailed(error?.Message ?? "its replacement was closed");
            Review();
        }
        else if (leg == _leg)
        {
            if (_twin is not null)
            {
                TakeOver(legIsGone: true);
            }
            else if (error is null && Options.AutoReconnect)
            {
                Reopen();
            }
            else
            {
                _slot.Ended(this, error);
            }
        }
    }

    /// <summary>The leg's socket ended as its last one, just when the twin that should have followed was given up.</summary>
    private void Reopen()
    {
        var old = _leg;
        var leg = Add(new Leg(_parts, this, ReconnectionReason.Lost));
        leg.Watch.Inherit(old.Watch);
        Interlocked.Add(ref _reconnections, old.Connection.Reconnections + 1);
        _leg = leg;
        leg.Session.Subscribe(_slot.Streams);
        Retire(old, DisconnectionReason.Stopped);
        leg.Connection.Start();
    }

    private void AfterFirstData(Leg leg, TimeSpan? silence)
    {
        if (leg == _leg)
        {
            TellRecovered(leg.Reason, silence);
        }
        else if (leg == _twin)
        {
            _twinOutage = silence;
            _decision!.TwinData();
            Review();
        }
    }

    private void TellRecovered(ReconnectionReason reason, TimeSpan? outage)
    {
        reason = _lostInstead ? ReconnectionReason.Lost : reason;
        _lostInstead = false;
        if (outage is not { } known || reason is ReconnectionReason.Initial or ReconnectionReason.Rotation)
        {
            return;
        }

        Metrics.Recovered(Venue, reason.ToTag());
        Tell(_leg, new ConnectionRecovered(Venue, _slot.Name, known, reason));
    }

    private void Tell(Leg leg, FeedEvent happened) => _slot.Tell(happened with { Leg = _legName, IsAside = leg != _leg });
}
