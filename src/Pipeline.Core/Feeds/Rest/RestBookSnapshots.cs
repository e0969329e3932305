using System.Collections.Concurrent;
using System.Threading.Channels;
using Pipeline.Core.Books;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Rest;

/// <summary>
/// Fetches one venue's books by REST, a few at a time, and hands them to the entrance. Requests wait in a bounded queue until
/// <see cref="Start"/> and their turn; one for an instrument that waits already changes nothing. A failure is told and forgotten: the
/// book asks again.
/// </summary>
public sealed class RestBookSnapshots : IBookSnapshots, IAsyncDisposable
{
    private const int Capacity = 10_000;

    private readonly IVenueRest _rest;
    private readonly FeedSource _source;
    private readonly BookOptions _options;
    private readonly TimeProvider _marketClock;
    private readonly PipelineMetrics _metrics;
    private readonly int _parallel;
    private readonly Channel<Instrument> _queue = Channel.CreateBounded<Instrument>(Capacity);
    private readonly ConcurrentDictionary<Instrument, bool> _pending = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _workers = Task.CompletedTask;
    private int _isDisposed;

    /// <param name="source">Source of the answers: names the venue, knows its symbols and its unit of time.</param>
    /// <param name="marketClock">Stamps arrival.</param>
    /// <param name="parallel">Requests under way at once; the venue's budget is kept by <paramref name="rest"/>.</param>
    public RestBookSnapshots(
        IVenueRest rest, FeedSource source, BookOptions options, TimeProvider marketClock, PipelineMetrics metrics, int parallel = 4)
    {
        ArgumentNullException.ThrowIfNull(rest);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(marketClock);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parallel);
        _rest = rest;
        _source = source;
        _options = options;
        _marketClock = marketClock;
        _metrics = metrics;
        _parallel = parallel;
        metrics.AddQueue($"book snapshots {rest.Venue}", () => _queue.Reader.Count, Capacity);
    }

    /// <summary>Called for each failure, from the thread that met it; what it throws is ignored.</summary>
    public event Action<BookSnapshotFailure>? Failed;

    /// <summary>Begins to fetch; once.</summary>
    public void Start(IAnswerEntrance entrance)
    {
        ArgumentNullException.ThrowIfNull(entrance);
        _workers = Task.WhenAll(Enumerable.Range(0, _parallel).Select(_ => WorkAsync(entrance)));
    }

    public void Request(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (!_pending.TryAdd(instrument, true))
        {
            return;
        }

        if (!_queue.Writer.TryWrite(instrument))
        {
            _pending.TryRemove(instrument, out _);
            _metrics.BookSnapshot(instrument.Venue, "queue-full");
        }
    }

    /// <summary>Gives up what waits and what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _queue.Writer.TryComplete();
        await _stop.CancelAsync();
        await _workers;
        _stop.Dispose();
    }

    private async Task WorkAsync(IAnswerEntrance entrance)
    {
        try
        {
            await foreach (var instrument in _queue.Reader.ReadAllAsync(_stop.Token))
            {
                await FetchAsync(entrance, instrument);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task FetchAsync(IAnswerEntrance entrance, Instrument instrument)
    {
        var answer = entrance.RentAnswer();
        var (isTaken, isPending) = (false, true);
        BookSnapshotFailure? failure = null;
        try
        {
            answer.Source = _source;
            await _rest.GetBookAsync(instrument.Symbol, _options.RequestDepth, answer, _stop.Token);
            answer.ReceivedTime = MarketTime.Now(_marketClock);

            // Not pending any more before the book sees it: what it then asks for must not be taken for this one.
            isPending = !_pending.TryRemove(instrument, out _);
            isTaken = await entrance.TakeAsync(answer, _stop.Token);
        }
        catch (VenueRestException error)
        {
            failure = new BookSnapshotFailure(instrument, error.Failure, error.Message, error.RetryAfter);
        }
        catch (Exception error) when (error is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            failure = new BookSnapshotFailure(instrument, VenueRestFailure.BadAnswer, error.Message, RetryAfter: null);
        }
        finally
        {
            // Before the failure is told, too: who hears of it may ask again.
            if (isPending)
            {
                _pending.TryRemove(instrument, out _);
            }

            if (!isTaken)
            {
                answer.Release();
            }
        }

        if (failure is not null)
        {
            Tell(failure);
        }
    }

    private void Tell(BookSnapshotFailure failure)
    {
        _metrics.BookSnapshot(failure.Instrument.Venue, NameOf(failure.Failure));
        try
        {
            Failed?.Invoke(failure);
        }
        catch (Exception)
        {
            _metrics.ObserverError(failure.Instrument.Venue);
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
