using Microsoft.AspNetCore.Builder;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator;

/// <summary>A dialect with its port open.</summary>
internal sealed class ServedVenue : IAsyncDisposable
{
    private readonly VenueServer _server;
    private readonly HttpEndpoint _endpoint;

    private ServedVenue(SimulatedVenue venue, VenueServer server, HttpEndpoint endpoint)
    {
        Venue = venue;
        _server = server;
        _endpoint = endpoint;
        Address = new UriBuilder(endpoint.Address) { Scheme = "ws" }.Uri;
    }

    public SimulatedVenue Venue { get; }

    /// <summary>WebSocket address without a path.</summary>
    public Uri Address { get; }

    public static async Task<ServedVenue> StartAsync(VenuePlace place, VenueServer server, CancellationToken cancellation)
    {
        try
        {
            var endpoint = await HttpEndpoint.StartAsync(
                place.Key, place.Listen, application => application.Run(server.HandleAsync), cancellation);
            return new ServedVenue(place.Dialect.Listing.Venue, server, endpoint);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        await _endpoint.DisposeAsync();
    }
}
