using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Repair;

/// <summary>
/// Fetches one venue's missing trades by REST, a few pages at a time, and hands them to the entrance. What is asked waits in a bounded
/// queue until <see cref="Start"/> and its turn. An answer that brings nothing new is asked for again with a growing pause: venues' REST
/// lags behind their streams, and only an id above proves that one does not exist.
/// </summary>
public sealed class TradeRepairs : ITradeRepairs, IAsyncDisposable
{
    private readonly IVenueRest _rest;
    private readonly FeedSource _source;
    private readonly string _tradeSource;
    private readonly RepairOptions _options;
    private readonly TimeProvider _clock;
    private readonly PipelineMetrics _metrics;
    private readonly RepairQueue _queue;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Queue<RepairRequest> _rejected = new();
    private Task _workers = Task.CompletedTask;
    private bool _isFailing;
    private int _isDisposed;

    /// <param name="source">Source of the answers: names the venue, knows its symbols and its unit of time.</param>
    /// <param name="tradeSource">The stream whose ids are meant, in the venue's word.</param>
    /// <param name="clock">The market clock: stamps arrival, tells the age of holes and runs the pauses.</param>
    public TradeRepairs(
        IVenueRest rest, FeedSource source, string tradeSource, RepairOptions options, TimeProvider clock, PipelineMetrics metrics)
        : this(rest, source, tradeSource, options, clock, metrics, RepairQueue.DefaultCapacity)
    {
    }

    internal TradeRepairs(
        IVenueRest rest, FeedSource source, string tradeSource, RepairOptions options, TimeProvider clock, PipelineMetrics metrics, int capacity)
    {
        ArgumentNullException.ThrowIfNull(rest);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(tradeSource);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(metrics);
        _rest = rest;
        _source = source;
        _tradeSource = tradeSource;
        _options = options;
        _clock = clock;
        _metrics = metrics;
        _queue = new RepairQueue(options, capacity);
        _timer = clock.CreateTimer(static state => ((SemaphoreSlim)state!).Release(), _changed, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        metrics.AddQueue($"trade repairs {rest.Venue}", () => Waiting, capacity);
    }

    /// <summary>
    /// The venue has begun not to answer as it should; said once until it answers again. Called from the thread that met it; what it
    /// throws is ignored.
    /// </summary>
    public event Action<RepairFailure>? Failed;

    /// <summary>Holes that are asked for, or wait for it.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Begins to fetch; once.</summary>
    public void Start(IAnswerEntrance entrance)
    {
        ArgumentNullException.ThrowIfNull(entrance);
        _workers = Task.WhenAll(Enumerable.Range(0, _options.ParallelRequests).Select(_ => WorkAsync(entrance)));
    }

    public void Request(RepairRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            if (!_queue.Add(request))
            {
                _rejected.Enqueue(request);
            }
        }

        Wake();
    }

    public void Forget(Instrument instrument, long fromId)
    {
        lock (_gate)
        {
            _queue.Remove(instrument, fromId);
        }
    }

    /// <summary>Gives up what waits and what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        await _workers;
        await _timer.DisposeAsync();
        _stop.Dispose();
    }

    private void Wake()
    {
        // One permit is enough: who takes it looks at the whole queue, and wakes the next.
        if (_changed.CurrentCount < _options.ParallelRequests)
        {
            _changed.Release();
        }
    }

    private async Task WorkAsync(IAnswerEntrance entrance)
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(_stop.Token);
                while (await HandleNextAsync(entrance))
                {
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>False when there is nothing to be done now; the timer is set for when there is.</summary>
    private async Task<bool> HandleNextAsync(IAnswerEntrance entrance)
    {
        RepairHole? hole;
        RepairRequest? rejected;
        var now = MarketTime.Now(_clock);
        lock (_gate)
        {
            _rejected.TryDequeue(out rejected);
            hole = rejected is null ? _queue.Take(now) : null;
            if (rejected is null && hole is null)
            {
                SetTimer(_queue.NextDue, now);
                return false;
            }
        }

        if (rejected is not null)
        {
            await SendAsync(entrance, new RepairAnswer(rejected.Instrument, rejected.FromId, -1, RepairOutcome.Abandoned, GapReason.TooMany));
            return true;
        }

        await FetchAsync(entrance, hole!);
        return true;
    }

    private void SetTimer(long due, long now)
    {
        // A millisecond late at most: the timer counts whole milliseconds, and one that fires early would find nothing due.
        var wait = due == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds((Math.Max(0, due - now) + 999) / 1000);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task FetchAsync(IAnswerEntrance entrance, RepairHole hole)
    {
        var batch = entrance.RentAnswer();
        var isTaken = false;
        try
        {
            batch.Source = _source;
            batch.TradeSource = TradeSource.Repair;
            var answer = hole.IsTooOld(MarketTime.Now(_clock)) ? hole.GiveUp(GapReason.TooOld) : await AskAsync(hole, batch);
            if (!IsWanted(hole, answer.Outcome is RepairOutcome.Done or RepairOutcome.Abandoned))
            {
                return;
            }

            batch.Repair = answer;
            batch.ReceivedTime = MarketTime.Now(_clock);
            isTaken = await entrance.TakeAsync(batch, _stop.Token);
        }
        finally
        {
            // Not before it was taken: pages of a hole keep their order.
            lock (_gate)
            {
                _queue.Return(hole);
            }

            if (!isTaken)
            {
                batch.Release();
            }

            Wake();
        }
    }

    /// <summary>False for a hole that was forgotten meanwhile. One that is over leaves before its answer does: who reads that may ask anew.</summary>
    private bool IsWanted(RepairHole hole, bool isOver)
    {
        lock (_gate)
        {
            if (hole.IsForgotten)
            {
                return false;
            }

            if (isOver)
            {
                _queue.Remove(hole.Instrument, hole.Request.FromId);
            }

            return true;
        }
    }

    private async Task<RepairAnswer> AskAsync(RepairHole hole, VenueBatch batch)
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        var asked = hole.Request;
        try
        {
            await _rest.GetTradesAsync(hole.Instrument.Symbol, _tradeSource, FromId(hole), hole.Rows, batch, either.Token);
            var now = MarketTime.Now(_clock);
            var answer = hole.IsTime && !ReferenceEquals(asked, hole.Request)
                ? hole.Retry(now, "asked-anew")
                : hole.Take(RepairPage.Of(batch.Trades, _source.TimeUnit), now);
            _isFailing = false;
            _metrics.RepairPage(_source.Venue, answer.Outcome == RepairOutcome.Retrying ? "nothing-new" : "trades");
            return answer;
        }
        catch (VenueRestException failure)
        {
            return Fail(hole, batch, failure.Failure, failure.Message, failure.RetryAfter);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !_stop.IsCancellationRequested)
        {
            return Fail(hole, batch, VenueRestFailure.Timeout, $"No answer within {_options.RequestTimeout.TotalSeconds} s.", retryAfter: null);
        }
        catch (ArgumentException error)
        {
            // The venue has no such trades, or its source does not know the symbol any more: asking again would not help.
            return Fail(hole, batch, VenueRestFailure.Refused, error.Message, retryAfter: null);
        }
        catch (Exception error) when (error is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            return Fail(hole, batch, VenueRestFailure.BadAnswer, error.Message, retryAfter: null);
        }
    }

    /// <summary>The newest page is asked for without an id; where ids mean nothing any goes, and keeps the request behind the urgent ones.</summary>
    private static long? FromId(RepairHole hole) =>
        !hole.IsTime ? hole.NextId : hole.Instrument.Rules.Trades == IdDiscipline.Unordered ? 0 : null;

    private RepairAnswer Fail(RepairHole hole, VenueBatch batch, VenueRestFailure failure, string message, TimeSpan? retryAfter)
    {
        Empty(batch);
        var name = NameOf(failure);
        _metrics.RepairPage(_source.Venue, name);
        Tell(new RepairFailure(hole.Instrument, hole.Request.FromId, message));
        if (failure == VenueRestFailure.Refused)
        {
            return hole.GiveUp(GapReason.RestRefused);
        }

        var now = MarketTime.Now(_clock);
        if (failure is VenueRestFailure.RateLimited or VenueRestFailure.Banned)
        {
            lock (_gate)
            {
                _queue.Pause(now + MarketTime.From(retryAfter ?? _options.MaxBackoff));
            }
        }

        return hole.Retry(now, name);
    }

    /// <summary>What was read of a bad answer proves nothing.</summary>
    private static void Empty(VenueBatch batch)
    {
        batch.Events.Clear();
        batch.Trades.Clear();
        batch.DeadLetters.Clear();
        batch.Bytes.Clear();
    }

    private async Task SendAsync(IAnswerEntrance entrance, RepairAnswer answer)
    {
        var batch = entrance.RentAnswer();
        var isTaken = false;
        try
        {
            batch.Source = _source;
            batch.TradeSource = TradeSource.Repair;
            batch.ReceivedTime = MarketTime.Now(_clock);
            batch.Repair = answer;
            isTaken = await entrance.TakeAsync(batch, _stop.Token);
        }
        finally
        {
            if (!isTaken)
            {
                batch.Release();
            }
        }
    }

    private void Tell(RepairFailure failure)
    {
        if (_isFailing)
        {
            return;
        }

        _isFailing = true;
        try
        {
            Failed?.Invoke(failure);
        }
        catch (Exception)
        {
            _metrics.ObserverError(_source.Venue);
        }
    }

    private static string NameOf(VenueRestFailure failure) => failure switch
    {
        VenueRestFailure.Unavailable => "rest-unavailable",
        VenueRestFailure.Timeout => "rest-timeout",
        VenueRestFailure.RateLimited => "rest-rate-limited",
        VenueRestFailure.Banned => "rest-banned",
        VenueRestFailure.Refused => "rest-refused",
        _ => "rest-bad-answer",
    };
}
