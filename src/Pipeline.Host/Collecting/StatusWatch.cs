using Microsoft.Extensions.Logging;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;

namespace Pipeline.Host.Collecting;

/// <summary>
/// Writes <c>md.status</c> every five seconds. Goes straight to the sink, as what is known of instruments does: it is not market data,
/// and must be written when there is none.
/// </summary>
/// <param name="look">The collector's figures.</param>
internal sealed class StatusWatch(string collector, Func<CollectorStatistics> look, IMarketSink sink, TimeProvider time, ILogger log)
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private CollectorStatistics? _before;

    /// <summary>Until cancelled. A look that fails is said and costs itself alone.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await Task.Delay(Period, time, cancellation);
                await WriteAsync(look(), hasStopped: false, null, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                CollectorLog.StatusFailed(log, error.Message);
            }
        }
    }

    /// <summary>Says that a venue, or all of them (null), have stopped; what is kept of them must not look alive.</summary>
    /// <param name="last">Their last figures.</param>
    public Task WriteStoppedAsync(string? venue, CollectorStatistics last, CancellationToken cancellation) =>
        WriteAsync(last, hasStopped: true, venue, cancellation);

    private async Task WriteAsync(CollectorStatistics now, bool hasStopped, string? only, CancellationToken cancellation)
    {
        var batch = new MarketBatch { Now = now.MarketTime };
        foreach (var status in StatusReport.Of(collector, _before, now, Environment.WorkingSet, hasStopped))
        {
            if (only is null || status.Venue == only)
            {
                batch.Add(status);
            }
        }

        if (only is null)
        {
            _before = now;
        }

        await sink.WriteAsync(batch, cancellation);
    }
}
