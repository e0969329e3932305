using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Gateway.Http.Bodies;
using Pipeline.Gateway.Security;

namespace Pipeline.Gateway.Http;

/// <summary><c>/api/websocket/…</c>: the clients and how they fare.</summary>
internal static class WebSocketRoutes
{
    /// <summary>Clients listed at most in one answer.</summary>
    public const int MostListed = 1000;

    private const string Tag = "websocket";

    private static readonly QueryParameter Connections =
        QueryParameter.Word("connections", "1 = list the clients too, those with the lowest numbers first.", "0", "1");

    private static readonly QueryParameter Limit =
        QueryParameter.Integer("limit", 1, MostListed, 100, "Clients listed at most.");

    private static readonly QueryParameter Offset =
        QueryParameter.Integer("offset", 0, 10_000_000, 0, "Clients left out before the first one listed.");

    public static void Map(IEndpointRouteBuilder routes, IGatewayFigures figures, AdminGuard guard)
    {
        routes.Answer<WebSocketStats>("GET", "/api/websocket/stats", Tag, "Clients and what they were sent; with connections=1 each of them.",
            [Connections, Limit, Offset],
            (_, query) => Task.FromResult(Results.Json(query.Text(Connections) == "1" ? WithClients(figures, query) : figures.Stats)));
        routes.Answer<WebSocketHealth>("GET", "/api/websocket/health", Tag, "Whether the gateway is well, in a word and a few figures.",
            [], async (call, _) => Results.Json(await figures.ReadHealthAsync(call.RequestAborted)));
        routes.Answer<WebSocketMetrics>("GET", "/api/websocket/metrics", Tag, "Latency, rates, errors, and what the process uses.",
            [], (_, _) => Task.FromResult(Results.Json(figures.Performance)));
        routes.Answer<FlushAnswer>("POST", "/api/websocket/flush", Tag,
                "Writes every outbox now and publishes what conflation or rates hold back. With the admin token, or from the gateway's own machine where none is set.",
                [],
                (call, _) => Task.FromResult(guard.Refuse(call) is var (status, reason)
                    ? ApiError.Answer(status, reason)
                    : Results.Json(figures.Flush())))
            .Produces<ApiError>(StatusCodes.Status401Unauthorized)
            .Produces<ApiError>(StatusCodes.Status403Forbidden);
    }

    private static WebSocketStats WithClients(IGatewayFigures figures, QueryReader query)
    {
        var offset = query.Integer(Offset);
        return figures.Stats with
        {
            Connections = [.. figures.Sessions.Skip(offset).Take(query.Integer(Limit)).Select(ClientBody.Of)],
            Offset = offset,
        };
    }
}
