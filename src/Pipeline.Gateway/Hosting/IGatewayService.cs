using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.Hosting;

/// <summary>
/// Something the gateway serves beside <c>/ws</c> and the HTTP API. Made before the hub, so that the hub can tell its tap everything;
/// called in the order of the members.
/// </summary>
internal interface IGatewayService : IAsyncDisposable
{
    /// <summary>Sees every record; null = needs none.</summary>
    IRecordTap? Tap => null;

    /// <summary>The hub that it may ask; not started yet.</summary>
    void Attach(GatewayHub hub)
    {
    }

    /// <summary>Paths at which it opens WebSockets; asked once.</summary>
    IReadOnlyList<LinkEntrance> Entrances => [];

    /// <summary>Middleware that must go before the routes; behind origins, tokens and headers.</summary>
    void Use(IApplicationBuilder application)
    {
    }

    /// <summary>Its paths.</summary>
    void Map(IEndpointRouteBuilder routes)
    {
    }
}
