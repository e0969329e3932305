using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Pipeline.SocketIo.EngineIo;

namespace Pipeline.SocketIo.Hosting;

/// <summary>How polling requests get in. WebSockets get in through a <c>LinkServer</c> that has the server among its gates.</summary>
public static class SocketIoEndpoints
{
    /// <summary>Serves polling requests at the path of the server's options, with and without a slash at its end.</summary>
    public static IEndpointConventionBuilder MapSocketIo(this IEndpointRouteBuilder endpoints, SocketIoServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return endpoints.MapEngineIo(server.Engine);
    }

    /// <summary>The same for Engine.IO alone.</summary>
    public static IEndpointConventionBuilder MapEngineIo(this IEndpointRouteBuilder endpoints, EngineServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return endpoints.Map(server.Path, server.HandleAsync);
    }
}
