using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Gateway.Http.Bodies;
using Pipeline.Gateway.Security;

namespace Pipeline.Gateway.Http;

/// <summary><c>/api/websocket/…</c>: the clients and how they fare.</summary>
internal static partial class WebSocketRoutes
{
    /// <summary>Clients listed at most in one answer.</summary>
    public const int MostListed = 1000;

    private const string Tag = "websocket";

    private static readonly QueryParameter Connections =
        QueryParameter.Word("connections", "1 = list the clients too, in the order they came.", "0", "1");

    private static readonly QueryParameter Limit =
        QueryParameter.Integer("limit", 1, MostListed, 100, "Clients listed at most.");

    private static readonly QueryParameter Offset =
        QueryParameter.Integer("offset", 0, 10_000_000, 0, "Clients left out before the first one listed.");

    private static readonly QueryParameter Client = new("id", "The client, as connections=1 lists it.")
    {
        IsRequired = true,
        Form = (ClientId(), "a number of a client of /ws, or the 20 characters of a client_id of the candle service"),
    };

    public static void Map(IEndpointRouteBuilder routes, IGatewayFigures figures, AdminGuard guard)
    {
        routes.Answer<WebSocketStats>("GET", "/api/websocket/stats", Tag, "Clients and what they were sent; with connections=1 each of them. Who they are is told with the admin token, or on the gateway's own machine where none is set.",
            [Connections, Limit, Offset],
            (call, query) => Results.Json(query.Text(Connections) == "1" ? WithClients(figures, query, guard.IsAdmin(call)) : figures.Stats));
        routes.Answer<WebSocketHealth>("GET", "/api/websocket/health", Tag, "Whether the gateway is well, in a word and a few figures.",
            [], (_, _) => Results.Json(figures.Health));
        routes.Answer<WebSocketMetrics>("GET", "/api/websocket/metrics", Tag, "Latency, rates, errors, and what the process uses.",
            [], (_, _) => Results.Json(figures.Performance));
        MapAdministration(routes, figures, guard);
    }

    private static void MapAdministration(IEndpointRouteBuilder routes, IGatewayFigures figures, AdminGuard guard)
    {
        routes.Answer<FlushAnswer>("POST", "/api/websocket/flush", Tag,
                "Writes every outbox now and publishes what conflation or rates hold back. With the admin token, or from the gateway's own machine where none is set.",
                [],
                (call, _) => guard.Refuse(call) is var (status, reason)
                    ? ApiError.Answer(status, reason)
                    : Results.Json(figures.Flush()))
            .Produces<ApiError>(StatusCodes.Status401Unauthorized)
            .Produces<ApiError>(StatusCodes.Status403Forbidden);
        routes.Answer<DisconnectAnswer>("POST", "/api/websocket/disconnect", Tag,
                "Disconnects a client: over /ws with close code 4007. With the admin token, or from the gateway's own machine where none is set.",
                [Client],
                (call, query) => guard.Refuse(call) is var (status, reason)
                    ? ApiError.Answer(status, reason)
                    : Disconnect(figures, query.Text(Client)!))
            .Produces<ApiError>(StatusCodes.Status401Unauthorized)
            .Produces<ApiError>(StatusCodes.Status403Forbidden)
            .Produces<ApiError>(StatusCodes.Status404NotFound);
    }

    private static IResult Disconnect(IGatewayFigures figures, string id) => figures.Disconnect(id)
        ? Results.Json(new DisconnectAnswer(1))
        : ApiError.Answer(StatusCodes.Status404NotFound, "No client of this id is connected.");

    private static WebSocketStats WithClients(IGatewayFigures figures, QueryReader query, bool isAdmin)
    {
        var offset = query.Integer(Offset);
        var sessions = figures.Sessions;
        return figures.StatsOf(sessions) with
        {
            Connections = [.. sessions.Skip(offset).Take(query.Integer(Limit)).Select(row => ClientBody.Of(row, isAdmin))],
            Offset = offset,
        };
    }

    [GeneratedRegex("^([1-9][0-9]{0,18}|[A-Za-z0-9_-]{20})$")]
    private static partial Regex ClientId();
}
