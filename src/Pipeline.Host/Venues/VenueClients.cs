using Microsoft.Extensions.DependencyInjection;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Venues;

/// <summary>The HTTP clients of the venues, one each. Dispose of it when nothing asks any more.</summary>
internal sealed class VenueClients : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly PipelineMetrics _metrics;

    public VenueClients(IEnumerable<VenueOptions> venues, TimeProvider time, PipelineMetrics metrics)
    {
        _metrics = metrics;
        _time = time;
        var services = new ServiceCollection();
        foreach (var venue in venues)
        {
            // The interfaces bound each attempt themselves, and count what happens; a client's own time-out and log would only repeat it.
            services.AddHttpClient(venue.Name, client => client.Timeout = Timeout.InfiniteTimeSpan)
                .ConfigurePrimaryHttpMessageHandler(() => VenueHttp.CreateHandler(venue.Network))
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
                .RemoveAllLoggers();
        }

        _services = services.BuildServiceProvider();
    }

    /// <summary>A venue's HTTP interface; null when it has none, or the topology names no address of it.</summary>
    public IVenueRest? MakeRest(VenueOptions venue, VenueRestFactory? factory) =>
        factory is null || venue.RestEndpoint is null
            ? null
            : factory(_services.GetRequiredService<IHttpClientFactory>().CreateClient(venue.Name), venue.RestEndpoint, _time, _metrics);

    public void Dispose() => _services.Dispose();
}
