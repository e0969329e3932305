using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Time;

namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>
/// The streams of one connection: asks for all of them on every new socket, the most important first and at the venue's pace, matches
/// the venue's answers to the requests, asks once more where none comes, and tells what became of each. A thin shell around
/// <see cref="SubscriptionPlan"/>.
/// <para>
/// A mere looker at the connection's frames, and only while an answer is awaited, or would still be of use: while the graph holds the
/// receive loop back, answers lie unread for longer than their deadline. State is kept by plain classes under one lock; nothing is
/// called while it is held. One timer, armed for the earliest deadline.
/// </para>
/// </summary>
internal sealed class SubscriptionSession : IDisposable
{
    private readonly IVenueAdapter _adapter;
    private readonly FeedConnection _connection;
    private readonly PipelineMetrics _metrics;
    private readonly SharedSubscriptions _shared;
    private readonly TimeProviderScheduler _scheduler;
    private readonly ISubject<SubscriptionOutcome> _outcomes = Subject.Synchronize(new Subject<SubscriptionOutcome>());
    private readonly CompositeDisposable _subscriptions;
    private readonly SerialDisposable _timer = new();

    private readonly Lock _gate = new();
    private readonly SubscriptionPlan _plan;
    private TimeSpan? _armed;
    private volatile bool _isExpecting;

    /// <param name="shared">What it has in common with the other sockets that carry the same streams; null = it is alone.</param>
    public SubscriptionSession(
        IVenueAdapter adapter,
        FeedConnection connection,
        PoolOptions options,
        TimeProvider time,
        PipelineMetrics metrics,
        SharedSubscriptions? shared = null)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(metrics);
        _adapter = adapter;
        _connection = connection;
        _metrics = metrics;
        _shared = shared ?? SharedSubscriptions.Alone(time, adapter);
        _scheduler = new TimeProviderScheduler(time);
        _plan = new SubscriptionPlan(adapter, options, _shared);
        Outcomes = new GuardedObservable<SubscriptionOutcome>(_outcomes, _ => metrics.ObserverError(adapter.Venue));
        _shared.Quarantine.Released += Released;
        _subscriptions = new CompositeDisposable(
            connection.DisconnectionHappened.Subscribe(Disconnected),
            connection.ReconnectionHappened.Subscribe(_ => Connected()),
            connection.MessageReceived.Subscribe(Look, static _ => { }),
            Disposable.Create(() => _shared.Quarantine.Released -= Released),
            _timer);
    }

    /// <summary>What became of requests.</summary>
    public IObservable<SubscriptionOutcome> Outcomes { get; }

    /// <summary>Streams wished for.</summary>
    public int Count => Read(static plan => plan.Ledger.Count);

    /// <summary>Streams that the venue has confirmed on the present connection.</summary>
    public int ConfirmedCount => Read(static plan => plan.Ledger.ConfirmedCount);

    /// <summary>Whether every stream wished for is confirmed on the current socket.</summary>
    public bool IsReady => Read(static plan => plan.Ledger.IsReady);

    public IReadOnlyDictionary<string, StreamState> States => Read(static plan => plan.Ledger.States);

    /// <summary>Streams and requests that are remembered: what would grow if something leaked.</summary>
    internal (int Streams, int Requests, bool IsSuspicious) Sizes =>
        Read(static plan => (plan.Ledger.Size, plan.Waiting, plan.IsSuspicious));

    /// <summary>Wishes for streams, now and on every later socket. A name too long for any request fails at once.</summary>
    public void Subscribe(params IReadOnlyCollection<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        var impossible = streams.Where(stream => _adapter.TakesRequests && !_plan.Fits(stream)).ToList();
        Do((plan, effects) =>
        {
            foreach (var stream in streams.Except(impossible, StringComparer.Ordinal))
            {
                plan.Want(stream);
            }

            if (impossible.Count > 0)
            {
                effects.Failed.Add(("too-long", impossible.Count));
                effects.Tell(
                    SubscriptionAction.Subscribe, impossible, $"longer than a request may be ({_adapter.Limits.MaxRequestBytes} bytes)");
            }

            if (!_adapter.TakesRequests && plan.IsOpen)
            {
                effects.Tell(SubscriptionAction.Subscribe, plan.Ledger.ConfirmAll());
            }
        });
    }

    /// <summary>Takes wishes back.</summary>
    public void Unsubscribe(params IReadOnlyCollection<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        Do((plan, _) =>
        {
            foreach (var stream in streams)
            {
                plan.Ledger.Leave(stream);
            }
        });
    }

    /// <summary>
    /// Leaves a stream and subscribes to it again once it is left: where a book's snapshot comes with the subscription this fetches a
    /// new one. False when the stream is not wanted here.
    /// </summary>
    public bool Renew(string stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(stream);
        var isHere = false;
        Do((plan, _) =>
        {
            isHere = plan.Ledger.Has(stream);
            if (isHere && _adapter.TakesRequests)
            {
                plan.Ledger.Renew(stream);
            }
        });
        return isHere;
    }

    public void Dispose()
    {
        _subscriptions.Dispose();
        _outcomes.OnCompleted();
    }

    private void Connected() => Do((plan, effects) =>
    {
        plan.Opened();
        if (!_adapter.TakesRequests)
        {
            effects.Tell(SubscriptionAction.Subscribe, plan.Ledger.ConfirmAll());
        }
    });

    private void Disconnected(DisconnectionInfo info)
    {
        if (info.WasConnected)
        {
            Do((plan, effects) => plan.Closed(_shared.Now, IsOurFault(info), effects));
        }
    }

    /// <summary>1001, 1012 and 1013 are the venue's own affairs: going away, restart, try again later (RFC 6455 and its registry).</summary>
    private static bool IsOurFault(DisconnectionInfo info) =>
        info.Reason == DisconnectionReason.ClosedByVenue && info.CloseCode is not (1001 or 1012 or 1013);

    private void Released() => Do((plan, _) => plan.Released(_shared.Now));

    private void Look(FrameBatch batch)
    {
        for (var i = 0; i < batch.Count && _isExpecting; i++)
        {
            if (_adapter.TryReadReply(batch[i], out var reply))
            {
                Do((plan, effects) => plan.Answer(reply, _shared.Now, effects));
            }
        }
    }

    private void Tick()
    {
        Do((plan, effects) =>
        {
            _armed = null;
            plan.Expire(_shared.Now, effects);
        });
    }

    private T Read<T>(Func<SubscriptionPlan, T> read)
    {
        lock (_gate)
        {
            return read(_plan);
        }
    }

    /// <summary>Takes a step, makes the requests that are due after it, and tells what came of it.</summary>
    private void Do(Action<SubscriptionPlan, PlanEffects> step)
    {
        var effects = new PlanEffects();
        SubscriptionRequest? request;
        lock (_gate)
        {
            step(_plan, effects);
            request = TakeRequest(effects);
        }

        while (request is not null)
        {
            // Not awaited: the connection sends in order, and a send that fails ends with the socket, which starts all this anew.
            _ = _connection.SendAsync(request.Payload).AsTask();
            lock (_gate)
            {
                request = TakeRequest(effects);
            }
        }

        Tell(effects);
    }

    /// <summary>The next request, if one may be made now; else sets the timer. Under the lock.</summary>
    private SubscriptionRequest? TakeRequest(PlanEffects effects)
    {
        var now = _shared.Now;
        var request = _plan.Next(now, effects);
        _isExpecting = _plan.IsExpecting;
        if (request is null && _plan.NextDue(now) is var due && due != _armed)
        {
            _armed = due;
            _timer.Disposable = due is { } time ? _scheduler.Schedule(time - now, Tick) : Disposable.Empty;
        }

        return request;
    }

    private void Tell(PlanEffects effects)
    {
        foreach (var outcome in effects.Requests)
        {
            _metrics.Request(_adapter.Venue, outcome);
        }

        foreach (var (reason, count) in effects.Failed)
        {
            _metrics.StreamsFailed(_adapter.Venue, reason, count);
        }

        if (effects.HeldBack is { } wait)
        {
            _metrics.Request(_adapter.Venue, "held-back");
            _shared.HeldBack(wait);
        }

        effects.Outcomes.ForEach(_outcomes.OnNext);
    }
}
