using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Hosting;

/// <summary>
/// Something the gateway serves beside <c>/ws</c> and the HTTP API. Made before the hub, so that the hub can tell its tap everything;
/// called in the order of the members.
/// </summary>
internal interface IGatewayService : IAsyncDisposable
{
    /// <summary>Sees every record; null = needs none.</summary>
    IRecordTap? Tap => null;

    /// <summary>The hub that it may ask, which is not started yet; who lets in its clients that poll; what clients of an address may do together.</summary>
    void Attach(GatewayHub hub, IPollingGate gate, AddressLimiter addresses)
    {
    }

    /// <summary>Clients it has, those on WebSockets among them.</summary>
    int Clients => 0;

    /// <summary>Clients that have connected since the start.</summary>
    long Opened => 0;

    /// <summary>Errors told to clients since the start.</summary>
    long Errors => 0;

    /// <summary>Figures of every client that has joined and is connected, in no order.</summary>
    IReadOnlyList<SessionRow> Sessions => [];

    /// <summary>Disconnects the client of an id, as its row has it; false when there is none.</summary>
    bool Disconnect(string id) => false;

    /// <summary>Bytes that wait for those that poll.</summary>
    long PollingBytes => 0;

    /// <summary>Lets clients go that poll, those for whom most waits first, until no more than so many bytes wait for them.</summary>
    /// <returns>Clients let go.</returns>
    int ShedPolling(long bytes) => 0;

    /// <summary>The gateway stops: clients that poll are let go. Those on WebSockets are told by the gateway.</summary>
    void Drain()
    {
    }

    /// <summary>Paths at which it opens WebSockets; asked once.</summary>
    IReadOnlyList<LinkEntrance> Entrances => [];

    /// <summary>Meters whose figures belong to the gateway's; asked once.</summary>
    IEnumerable<Meter> Meters => [];

    /// <summary>Middleware that must go before the routes; behind origins, tokens and headers.</summary>
    void Use(IApplicationBuilder application)
    {
    }

    /// <summary>Its paths.</summary>
    void Map(IEndpointRouteBuilder routes)
    {
    }

    /// <summary>Says where its figures are read: on any thread, whenever somebody asks. Called once.</summary>
    void Register(PipelineMetrics metrics)
    {
    }
}
