using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>The freshness of one venue's streams: its monitor, who is asked about silent ones, and the way of its changes into the graph.</summary>
internal sealed class VenueHealth : IDisposable
{
    private readonly HealthMonitor _monitor;
    private readonly HealthOutlet _outlet;

    /// <param name="remedy">The venue's feed.</param>
    /// <param name="events">The feed's; it is started after this was made.</param>
    /// <param name="tell">Takes changes into the graph.</param>
    public VenueHealth(
        VenueAccess venue,
        SymbolTable symbols,
        StreamActivity activity,
        IStreamRemedy remedy,
        IObservable<FeedEvent> events,
        Func<StreamHealth, CancellationToken, Task<bool>> tell,
        TimeProvider marketClock,
        TimeProvider time,
        PipelineMetrics metrics)
    {
        var probe = MakeProbe(venue, symbols, activity, time);
        _monitor = new HealthMonitor(venue.Name, venue.Options.WebSocket, activity, probe, remedy, marketClock, time, metrics);
        _outlet = new HealthOutlet(venue.Name, _monitor.Changes, tell, metrics);
        _monitor.Attach(events);
    }

    public void Watch(FeedStream stream) => _monitor.Watch(stream);

    public void Forget(string stream) => _monitor.Forget(stream);

    public void Dispose()
    {
        _monitor.Dispose();
        _outlet.Dispose();
    }

    private static IStreamProbe MakeProbe(VenueAccess venue, SymbolTable symbols, StreamActivity activity, TimeProvider time)
    {
        var canary = new CanaryProbe(activity);
        if (venue.Rest is not { } rest)
        {
            return canary;
        }

        var source = FeedSource.OfRest(venue.Adapter, symbols);
        return new RestStreamProbe(rest, source, venue.Options.TradeSource, activity, canary, time);
    }
}
