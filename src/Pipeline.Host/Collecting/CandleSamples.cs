using Microsoft.Extensions.Logging;
using Pipeline.Core.Audit;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>
/// One venue's candles for the audit, asked for by REST while the topology does not take the venue's stream of them.
/// </summary>
internal sealed class CandleSamples(AuditOptions options, TimeProvider marketClock, PipelineMetrics metrics, ILogger log) : IAsyncDisposable
{
    private CandleSampler? _sampler;

    /// <summary>Another plan of the venue; by one caller at a time.</summary>
    public void Follow(VenuePlan plan, IAnswerEntrance entrance)
    {
        if (!options.Enabled || plan.Venue.Rest is not { } rest || !plan.Adapter.CandleIntervals.Contains(options.Interval))
        {
            return;
        }

        var isStreamed = plan.Venue.Options.Channels.Contains(StreamChannel.VenueCandle);
        if (_sampler is null && isStreamed)
        {
            return;
        }

        if (_sampler is null)
        {
            _sampler = new CandleSampler(rest, FeedSource.OfRest(plan.Adapter, plan.Symbols), options, marketClock, metrics);
            _sampler.Failed += (instrument, reason) => CollectorLog.SampleFailed(log, instrument.Key, reason);
            _sampler.Start(entrance);
        }

        _sampler.Follow(isStreamed ? [] : plan.Registered);
    }

    public ValueTask DisposeAsync() => _sampler?.DisposeAsync() ?? ValueTask.CompletedTask;
}
