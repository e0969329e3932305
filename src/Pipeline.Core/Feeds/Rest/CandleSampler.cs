using System.Collections.Concurrent;
using Pipeline.Core.Audit;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Rest;

/// <summary>
/// Asks a venue's REST interface for its closed candles, some time after the end of each window: all of them, or a share that goes round
/// the instruments. With each answer come a few windows before, so that a candle that was told already and is told otherwise now is seen
/// too; nothing is handed on twice. Its requests are of the class that leaves a part of the venue's budget free.
/// </summary>
public sealed class CandleSampler : IAsyncDisposable
{
    // They come with the same request, at the same weight, on every venue.
    private const int WindowsBefore = 4;

    private readonly IVenueRest _rest;
    private readonly FeedSource _source;
    private readonly AuditOptions _options;
    private readonly TimeProvider _marketClock;
    private readonly PipelineMetrics _metrics;
    private readonly int _parallel;
    private readonly ConcurrentDictionary<Instrument, SampledCandles> _told = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile IReadOnlyList<Instrument> _instruments = [];
    private Task _running = Task.CompletedTask;
    private int _isDisposed;

    /// <param name="source">Source of the answers: names the venue, knows its symbols and its unit of time.</param>
    /// <param name="marketClock">Says when windows end, and stamps arrival.</param>
    /// <param name="parallel">Requests under way at once; the venue's budget is kept by <paramref name="rest"/>.</param>
    public CandleSampler(
        IVenueRest rest, FeedSource source, AuditOptions options, TimeProvider marketClock, PipelineMetrics metrics, int parallel = 2)
    {
        ArgumentNullException.ThrowIfNull(rest);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(marketClock);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parallel);
        (_rest, _source, _options, _marketClock, _metrics, _parallel) = (rest, source, options, marketClock, metrics, parallel);
    }

    /// <summary>Called for each request that came to nothing, with the reason, from the thread that met it; what it throws is ignored.</summary>
    public event Action<Instrument, string>? Failed;

    /// <summary>Asks for these from the next window on.</summary>
    public void Follow(IReadOnlyList<Instrument> instruments)
    {
        ArgumentNullException.ThrowIfNull(instruments);
        _instruments = instruments;
        foreach (var gone in _told.Keys.Except(instruments))
        {
            _told.TryRemove(gone, out _);
        }
    }

    /// <summary>Begins to ask; once.</summary>
    public void Start(IAnswerEntrance entrance)
    {
        ArgumentNullException.ThrowIfNull(entrance);
        _running = RunAsync(entrance);
    }

    /// <summary>Whether a window is asked for: of any row of windows, and of any row of instruments, the share.</summary>
    internal static bool IsSampled(double share, long window, int instrument)
    {
        var turn = window + instrument;
        return Math.Floor((turn + 1) * share) > Math.Floor(turn * share);
    }

    /// <summary>Gives up what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(IAnswerEntrance entrance)
    {
        var (length, delay) = (_options.Interval.Microseconds, MarketTime.From(_options.Delay));
        var openTime = _options.Interval.OpenOf(MarketTime.Now(_marketClock));
        try
        {
            while (true)
            {
                var wait = openTime + length + delay - MarketTime.Now(_marketClock);
                await Task.Delay(TimeSpan.FromMicroseconds(Math.Max(0, wait)), _marketClock, _stop.Token);
                await SampleAsync(entrance, openTime, openTime + (2 * length) + delay);

                // A clock that was set, or a venue that was slow: windows that nobody asked for in their time are let go.
                openTime = Math.Max(openTime + length, _options.Interval.OpenOf(MarketTime.Now(_marketClock) - delay));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task SampleAsync(IAnswerEntrance entrance, long openTime, long until)
    {
        var window = openTime / _options.Interval.Microseconds;
        var queue = new ConcurrentQueue<Instrument>(_instruments.Where((_, i) => IsSampled(_options.Share, window, i)));
        await Task.WhenAll(Enumerable.Range(0, _parallel).Select(_ => WorkAsync(entrance, queue, openTime, until)));
        _metrics.AuditSample(_rest.Venue, "skipped", queue.Count);
    }

    private async Task WorkAsync(IAnswerEntrance entrance, ConcurrentQueue<Instrument> queue, long openTime, long until)
    {
        while (MarketTime.Now(_marketClock) < until && queue.TryDequeue(out var instrument))
        {
            await FetchAsync(entrance, instrument, openTime);
        }
    }

    private async Task FetchAsync(IAnswerEntrance entrance, Instrument instrument, long openTime)
    {
        var answer = entrance.RentAnswer();
        var isTaken = false;
        try
        {
            var read = new VenueBatch { Source = _source };
            var length = _options.Interval.Microseconds;
            await _rest.GetCandlesAsync(
                instrument.Symbol, _options.Interval, openTime - (WindowsBefore * length), openTime + length, read, _stop.Token);
            _metrics.AuditSample(_rest.Venue, "asked");
            answer.Source = _source;
            answer.ReceivedTime = MarketTime.Now(_marketClock);
            Pick(instrument, read, openTime, answer);
            isTaken = answer.Candles.Count > 0 && await entrance.TakeAsync(answer, _stop.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            Tell(instrument, error.Message);
        }
        finally
        {
            if (!isTaken)
            {
                answer.Release();
            }
        }
    }

    /// <summary>The window that was asked for, and those told before that are told otherwise now.</summary>
    private void Pick(Instrument instrument, VenueBatch read, long openTime, VenueBatch answer)
    {
        var told = _told.GetOrAdd(instrument, static _ => new SampledCandles());
        told.Drop(openTime - (WindowsBefore * _options.Interval.Microseconds));
        for (var i = 0; i < read.Candles.Count; i++)
        {
            var candle = read.Candles[i];
            var time = candle.OpenTime * _source.TimeUnit;
            var isKnown = told.Knows(time);
            if (candle.Closed && (time == openTime || isKnown) && told.Note(time, candle))
            {
                answer.Add(candle);
                _metrics.AuditSample(_rest.Venue, "changed", isKnown ? 1 : 0);
            }
        }
    }

    private void Tell(Instrument instrument, string reason)
    {
        _metrics.AuditSample(_rest.Venue, "failed");
        try
        {
            Failed?.Invoke(instrument, reason);
        }
        catch (Exception)
        {
            _metrics.ObserverError(_rest.Venue);
        }
    }
}
