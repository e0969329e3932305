using System.Diagnostics.CodeAnalysis;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Time;

namespace Pipeline.Core.Feeds;

/// <summary>
/// The streams of one connection: asks for all of them on every new socket, matches the venue's answers to the requests, asks once
/// more where none comes, and tells what became of each.
/// <para>
/// A mere looker at the connection's frames, and only while an answer is awaited, or would still be of use: while the graph holds the
/// receive loop back, answers lie unread for longer than their deadline. State is kept by plain classes under one lock; nothing is
/// called while it is held.
/// </para>
/// </summary>
public sealed class SubscriptionSession : IDisposable
{
    private readonly IVenueAdapter _adapter;
    private readonly FeedConnection _connection;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly TimeProviderScheduler _scheduler;
    private readonly SubscriptionBatcher _batcher;
    private readonly ISubject<SubscriptionCommand> _commands = Subject.Synchronize(new Subject<SubscriptionCommand>());
    private readonly ISubject<SubscriptionOutcome> _outcomes = Subject.Synchronize(new Subject<SubscriptionOutcome>());
    private readonly CompositeDisposable _subscriptions;

    /// <summary>The pipeline of requests of the current socket.</summary>
    private readonly SerialDisposable _requests = new();

    /// <summary>The timer of the oldest unanswered request.</summary>
    private readonly SerialDisposable _deadline = new();

    private readonly Lock _gate = new();
    private readonly SubscriptionLedger _ledger = new();
    private readonly RequestTracker _waiting;
    private readonly long _start;
    private volatile bool _isExpecting;

    public SubscriptionSession(
        IVenueAdapter adapter, FeedConnection connection, PoolOptions options, TimeProvider time, PipelineMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(metrics);
        _adapter = adapter;
        _connection = connection;
        _metrics = metrics;
        _time = time;
        _start = time.GetTimestamp();
        _scheduler = new TimeProviderScheduler(time);
        _batcher = new SubscriptionBatcher(adapter, options, _scheduler);
        _waiting = new RequestTracker(adapter.Limits.AckTimeout);
        Outcomes = new GuardedObservable<SubscriptionOutcome>(_outcomes, _ => metrics.ObserverError(adapter.Venue));
        _subscriptions = new CompositeDisposable(
            connection.DisconnectionHappened.Subscribe(_ => Disconnected()),
            connection.ReconnectionHappened.Subscribe(_ => Connected()),
            connection.MessageReceived.Subscribe(Look, static _ => { }),
            _requests,
            _deadline);
    }

    /// <summary>What became of requests.</summary>
    public IObservable<SubscriptionOutcome> Outcomes { get; }

    /// <summary>Streams wished for.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ledger.Count;
            }
        }
    }

    /// <summary>Streams that the venue has confirmed on the present connection.</summary>
    public int ConfirmedCount
    {
        get
        {
            lock (_gate)
            {
                return _ledger.ConfirmedCount;
            }
        }
    }

    /// <summary>Whether every stream wished for is confirmed on the current socket.</summary>
    public bool IsReady
    {
        get
        {
            lock (_gate)
            {
                return _ledger.IsReady;
            }
        }
    }

    public IReadOnlyDictionary<string, StreamState> States
    {
        get
        {
            lock (_gate)
            {
                return _ledger.States;
            }
        }
    }

    /// <summary>Wishes for streams, now and on every later socket. A name too long for any request fails at once.</summary>
    public void Subscribe(params IReadOnlyCollection<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        var impossible = streams.Where(stream => _adapter.TakesRequests && !_batcher.Fits(stream)).ToList();
        if (impossible.Count > 0)
        {
            _outcomes.OnNext(new SubscriptionOutcome(
                SubscriptionAction.Subscribe, impossible, $"longer than a request may be ({_adapter.Limits.MaxRequestBytes} bytes)"));
        }

        Issue(SubscriptionAction.Subscribe, streams.Except(impossible, StringComparer.Ordinal), _ledger.Want);
        if (!_adapter.TakesRequests && _connection.IsRunning)
        {
            ConfirmAll();
        }
    }

    /// <summary>Takes wishes back.</summary>
    public void Unsubscribe(params IReadOnlyCollection<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        Issue(SubscriptionAction.Unsubscribe, streams, _ledger.Leave);
    }

    /// <summary>
    /// Leaves a stream and subscribes to it again once it is left: where a book's snapshot comes with the subscription this fetches a
    /// new one. False when the stream is not wanted here.
    /// </summary>
    public bool Renew(string stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(stream);
        bool isHere;
        var leave = new List<string>();
        lock (_gate)
        {
            isHere = _ledger.Has(stream);
            if (_adapter.TakesRequests && _ledger.Renew(stream))
            {
                leave.Add(stream);
            }
        }

        Command(SubscriptionAction.Unsubscribe, leave);
        return isHere;
    }

    public void Dispose()
    {
        _subscriptions.Dispose();
        _outcomes.OnCompleted();
    }

    private void Issue(SubscriptionAction action, IEnumerable<string> streams, Func<string, bool> enter)
    {
        List<string> entered;
        lock (_gate)
        {
            entered = [.. streams.Where(enter)];
        }

        Command(action, entered);
    }

    /// <summary>Without a socket nobody listens; the ledger knows what to ask for when there is one.</summary>
    private void Command(SubscriptionAction action, List<string> streams)
    {
        foreach (var stream in streams)
        {
            _commands.OnNext(new SubscriptionCommand(action, stream));
        }
    }

    private void Connected()
    {
        if (!_adapter.TakesRequests)
        {
            Reset();
            ConfirmAll();
            return;
        }

        // Listening comes first: a wish made meanwhile is then asked for twice at worst, which venues take, and never forgotten.
        _requests.Disposable = _batcher.Batch(_commands).Subscribe(Send);
        Command(SubscriptionAction.Subscribe, Reset());
    }

    private void Disconnected()
    {
        _requests.Disposable = Disposable.Empty;
        Reset();
    }

    private void ConfirmAll()
    {
        List<string> streams;
        lock (_gate)
        {
            streams = _ledger.ConfirmAll();
        }

        Tell(SubscriptionAction.Subscribe, streams, null);
    }

    private List<string> Reset()
    {
        lock (_gate)
        {
            _waiting.Clear();
            Watch();
            return _ledger.Reset();
        }
    }

    private void Send(SubscriptionRequest request)
    {
        lock (_gate)
        {
            _ledger.Sent(request);
            _waiting.Add(request, Now());
            Watch();
        }

        _metrics.Request(_adapter.Venue, "sent");
        // Not awaited: the connection sends in order, and a send that fails ends with the socket, which starts all this anew.
        _ = _connection.SendAsync(request.Payload).AsTask();
    }

    private void Look(FrameBatch batch)
    {
        for (var i = 0; i < batch.Count && _isExpecting; i++)
        {
            if (_adapter.TryReadReply(batch[i], out var reply))
            {
                Answered(reply);
            }
        }
    }

    private void Answered(SubscriptionReply reply)
    {
        SubscriptionRequest? request;
        List<string> streams;
        List<string> returned;
        bool isCounted;
        lock (_gate)
        {
            if (!TryMatch(reply, out request, out var isLate))
            {
                return;
            }

            // One bad name sinks its request where the venue answers requests as a whole: here is the place to bisect it and to put
            // the name in quarantine.
            streams = reply.Error is null ? _ledger.Confirm(request, reply.Stream) : _ledger.Fail(request, reply.Stream);
            _waiting.ForgetWaiting(_ledger.IsAnswered);

            // A late one has been counted as a timeout; of an answer in parts the last part is counted, and every refusal.
            isCounted = !isLate && (reply.Stream is null || reply.Error is not null || _ledger.IsAnswered(request));
            returned = _ledger.TakeReturned();
            Watch();
        }

        if (isCounted)
        {
            _metrics.Request(_adapter.Venue, reply.Error is null ? "acknowledged" : "refused");
        }

        Command(SubscriptionAction.Subscribe, returned);
        Tell(request.Action, streams, reply.Error);
    }

    /// <summary>
    /// Finds the request that is answered; under the lock. An answer without an id is for those in time. One request waits on while only
    /// one of its streams is answered.
    /// </summary>
    private bool TryMatch(SubscriptionReply reply, [NotNullWhen(true)] out SubscriptionRequest? request, out bool isLate)
    {
        if (reply.Stream is { } stream)
        {
            return _waiting.TryFind(reply.Id, stream, out request, out isLate);
        }

        isLate = !_waiting.TryComplete(reply.Id, out request);
        return !isLate || (reply.Id is { } late && _waiting.TryCompleteOverdue(late, out request));
    }

    private void Expire()
    {
        while (true)
        {
            SubscriptionRequest? request;
            (List<string> Again, List<string> Failed) streams;
            List<string> returned;
            lock (_gate)
            {
                if (!_waiting.TryExpire(Now(), out request))
                {
                    Watch();
                    return;
                }

                streams = _ledger.Expire(request);
                returned = _ledger.TakeReturned();
            }

            _metrics.Request(_adapter.Venue, "timeout");
            Command(request.Action, streams.Again);
            Command(SubscriptionAction.Subscribe, returned);
            Tell(request.Action, streams.Failed, $"no answer within {_adapter.Limits.AckTimeout.TotalSeconds:0.###} s, twice");
        }
    }

    private void Tell(SubscriptionAction action, List<string> streams, string? reason)
    {
        if (streams.Count > 0)
        {
            _outcomes.OnNext(new SubscriptionOutcome(action, streams, reason));
        }
    }

    /// <summary>Sets the one timer to the oldest request's deadline, and whether to look at frames; under the lock.</summary>
    private void Watch()
    {
        _waiting.ForgetOverdue(_ledger.IsSettled);
        _isExpecting = _waiting.IsExpecting;
        _deadline.Disposable = _waiting.NextDue is { } due ? _scheduler.Schedule(due - Now(), Expire) : Disposable.Empty;
    }

    private TimeSpan Now() => _time.GetElapsedTime(_start);
}
