using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Rest;

/// <summary>
/// Asks one venue's REST interface for candles of the time before our series began: beginnings before whole windows, since those are
/// waited for, each series page by page. Its requests are of the class that leaves a part of the venue's budget free. What fails is asked
/// for again with a growing pause, some times; what was not got is asked for again by the next process.
/// </summary>
public sealed class CandleBackfill : ICandleBackfill, IAsyncDisposable
{
    // Told progress: at least this many series apart.
    private const int ProgressStep = 100;

    // A venue that has nothing so far back is asked again this many windows on; the shortest page of a venue.
    private const int EmptyStep = 100;

    private const int MostTries = 10;

    // Venues settle a candle some moments after its end.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly IVenueRest _rest;
    private readonly FeedSource _source;
    private readonly IReadOnlyList<CandleInterval> _intervals;
    private readonly TimeProvider _clock;
    private readonly PipelineMetrics _metrics;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<CandleWish, (bool IsHistory, long Turn)> _waiting = new();
    private readonly HashSet<(Instrument, CandleInterval?)> _known = [];
    private readonly SemaphoreSlim _changed = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _parallel;
    private Task _workers = Task.CompletedTask;
    private long _turn;
    private long _done;
    private long _rows;
    private int _isDisposed;

    /// <param name="source">Source of the answers: names the venue, knows its symbols and its unit of time.</param>
    /// <param name="intervals">Those the venue has candles of; others are passed over.</param>
    /// <param name="clock">The market clock.</param>
    /// <param name="parallel">Requests under way at once; the venue's budget is kept by <paramref name="rest"/>.</param>
    public CandleBackfill(
        IVenueRest rest, FeedSource source, IReadOnlyList<CandleInterval> intervals, TimeProvider clock, PipelineMetrics metrics, int parallel = 2)
    {
        ArgumentNullException.ThrowIfNull(rest);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(intervals);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parallel);
        (_rest, _source, _intervals, _clock, _metrics, _parallel) = (rest, source, intervals, clock, metrics, parallel);

        // At most one wish a series, and a venue's series are what the topology names.
        metrics.AddQueue($"candle backfill {rest.Venue}", () => Waiting, int.MaxValue);
    }

    /// <summary>Called for each request that came to nothing, with the reason; what it throws is ignored.</summary>
    public event Action<Instrument, string>? Failed;

    /// <summary>Called now and then, and when nothing waits any more: series done, series waiting, candles got. What it throws is ignored.</summary>
    public event Action<long, int, long>? Progressed;

    /// <summary>Series that are asked for, or wait for it.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _known.Count;
            }
        }
    }

    /// <summary>Begins to ask; once.</summary>
    public void Start(IAnswerEntrance entrance)
    {
        ArgumentNullException.ThrowIfNull(entrance);
        _workers = Task.WhenAll(Enumerable.Range(0, _parallel).Select(_ => WorkAsync(entrance)));
    }

    public void Request(CandleWish wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        lock (_gate)
        {
            if (!_known.Add((wish.Instrument, wish.Interval)))
            {
                return;
            }

            _waiting.Enqueue(wish, (wish.Interval is not null, _turn++));
        }

        _changed.Release();
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
        _stop.Dispose();
    }

    private async Task WorkAsync(IAnswerEntrance entrance)
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(_stop.Token);
                CandleWish wish;
                lock (_gate)
                {
                    wish = Take();
                }

                await HandleAsync(entrance, wish);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>The next that may be asked for: a beginning whose minute is not over gives way to whole windows.</summary>
    private CandleWish Take()
    {
        var now = MarketTime.Now(_clock);
        var early = new List<(CandleWish Wish, (bool, long) Order)>();
        while (_waiting.TryDequeue(out var wish, out var order))
        {
            if (wish.To + MarketTime.From(Settling) <= now || _waiting.Count == 0)
            {
                if (wish.To + MarketTime.From(Settling) > now && early.Count > 0)
                {
                    early.Add((wish, order));
                    (wish, _) = early.MinBy(one => one.Wish.To);
                    early.RemoveAll(one => ReferenceEquals(one.Wish, wish));
                }

                early.ForEach(one => _waiting.Enqueue(one.Wish, one.Order));
                return wish;
            }

            early.Add((wish, order));
        }

        throw new InvalidOperationException("Nothing waits, though something was counted.");
    }

    private async Task HandleAsync(IAnswerEntrance entrance, CandleWish wish)
    {
        var wait = wish.To + MarketTime.From(Settling) - MarketTime.Now(_clock);
        if (wait > 0)
        {
            await Task.Delay(TimeSpan.FromMicroseconds(wait), _clock, _stop.Token);
        }

        if (wish.Interval is { } interval)
        {
            await FetchHistoryAsync(entrance, wish, interval);
        }
        else
        {
            await FetchStartAsync(entrance, wish);
        }

        lock (_gate)
        {
            _known.Remove((wish.Instrument, wish.Interval));
        }

        var (done, waiting) = (Interlocked.Increment(ref _done), Waiting);
        if (waiting == 0 || done % ProgressStep == 0)
        {
            Tell(() => Progressed?.Invoke(done, waiting, Interlocked.Read(ref _rows)));
        }
    }

    private async Task FetchHistoryAsync(IAnswerEntrance entrance, CandleWish wish, CandleInterval interval)
    {
        if (!_intervals.Contains(interval))
        {
            await SendAsync(entrance, new CandleAnswer(wish, [], IsLast: true));
            return;
        }

        var from = wish.From;
        do
        {
            if (await AskAsync(wish.Instrument, interval, from, wish.To) is not { } rows)
            {
                return;
            }

            from = rows.Count > 0 ? Math.Max(from + interval.Microseconds, rows[^1].CloseTime) : from + (EmptyStep * interval.Microseconds);
            await SendAsync(entrance, new CandleAnswer(wish, rows, IsLast: from >= wish.To));
        }
        while (from < wish.To);
    }

    private async Task FetchStartAsync(IAnswerEntrance entrance, CandleWish wish)
    {
        var all = new List<Candle>();
        foreach (var (interval, from, to) in CandleStart.Pieces(wish.From, wish.To))
        {
            if (!_intervals.Contains(interval))
            {
                continue;
            }

            for (var next = from; next < to;)
            {
                if (await AskAsync(wish.Instrument, interval, next, to) is not { } rows)
                {
                    return;
                }

                if (rows.Count == 0)
                {
                    break;
                }

                all.AddRange(rows);
                next = Math.Max(next + interval.Microseconds, rows[^1].CloseTime);
            }
        }

        await SendAsync(entrance, new CandleAnswer(wish, all, IsLast: true));
    }

    /// <summary>Null when it is given up for now.</summary>
    private async Task<List<Candle>?> AskAsync(Instrument instrument, CandleInterval interval, long from, long to)
    {
        var pause = TimeSpan.FromSeconds(1);
        for (var tries = 1; ; tries++)
        {
            var after = pause;
            try
            {
                return await ReadAsync(instrument, interval, from, to);
            }
            catch (VenueRestException error) when (error.Failure == VenueRestFailure.Refused)
            {
                Fail(instrument, error.Message);
                return [];
            }
            catch (VenueRestException error) when (tries < MostTries)
            {
                Fail(instrument, error.Message);
                after = error.RetryAfter ?? pause;
            }
            catch (Exception error) when (error is not OperationCanceledException || !_stop.IsCancellationRequested)
            {
                Fail(instrument, error.Message);
                return null;
            }

            await Task.Delay(after, _clock, _stop.Token);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<List<Candle>> ReadAsync(Instrument instrument, CandleInterval interval, long from, long to)
    {
        var read = new VenueBatch { Source = _source };
        await _rest.GetCandlesAsync(instrument.Symbol, interval, from, to, read, _stop.Token);
        var now = MarketTime.Now(_clock);
        var rows = new List<Candle>(read.Candles.Count);
        for (var i = 0; i < read.Candles.Count; i++)
        {
            var row = read.Candles[i].ToCandle(instrument, _source.TimeUnit, now);
            if (read.Candles[i].Closed && row.OpenTime >= from && row.CloseTime <= to)
            {
                rows.Add(row);
            }
        }

        Interlocked.Add(ref _rows, rows.Count);
        return rows;
    }

    private async Task SendAsync(IAnswerEntrance entrance, CandleAnswer answer)
    {
        var batch = entrance.RentAnswer();
        batch.Source = _source;
        batch.ReceivedTime = MarketTime.Now(_clock);
        batch.Past = answer;
        if (!await entrance.TakeAsync(batch, _stop.Token))
        {
            batch.Release();
        }
    }

    private void Fail(Instrument instrument, string reason)
    {
        _metrics.CandleRemark(_rest.Venue, "backfill-failed");
        Tell(() => Failed?.Invoke(instrument, reason));
    }

    private void Tell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception)
        {
            _metrics.ObserverError(_rest.Venue);
        }
    }
}
