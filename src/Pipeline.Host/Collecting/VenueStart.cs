using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>
/// One venue of a collector, until it is collected from: every step is tried again with back-off, for as long as it takes. Nothing that
/// happens here concerns another venue.
/// </summary>
internal sealed class VenueStart(string venue, PipelineMetrics metrics, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly TaskCompletionSource _settled = new();
    private volatile string? _missing = "not asked yet";
    private volatile VenueException? _nothing;

    public string Venue => venue;

    /// <summary>Why the venue is not collected from; null once it is.</summary>
    public string? Missing => _missing;

    /// <summary>What the venue was last found to have nothing of; null when it was not.</summary>
    public VenueException? Nothing => _nothing;

    /// <summary>Completes with the first outcome, whichever it is.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Tries until it succeeds or is cancelled.</summary>
    /// <param name="failed">Told after each failure.</param>
    public async Task<T> InsistAsync<T>(Func<CancellationToken, Task<T>> step, Action failed, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            TimeSpan wait;
            try
            {
                var result = await step(cancellation);
                _nothing = null;
                _settled.TrySetResult();
                return result;
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                wait = Note(error, pause);
                failed();
                _settled.TrySetResult();
            }

            await Task.Delay(wait, time, cancellation);
        }
    }

    public void Joined() => _missing = null;

    /// <summary>Returns how long to wait.</summary>
    private TimeSpan Note(Exception error, TimeSpan pause)
    {
        var fault = error as VenueException;
        var wait = fault?.RetryAfter is { } wanted && wanted > pause ? wanted : pause;
        _nothing = fault is { HasNothing: true } ? fault : null;
        _missing = error.Message;
        metrics.VenueFailed(venue, "start");
        VenueLog.NotCollected(log, venue, error.Message, wait.TotalSeconds);
        return wait;
    }
}
