using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Gateway.Security;

namespace Pipeline.Host.Collecting.Http;

/// <summary>What changes something: <c>POST /rotate</c> and <c>POST /reload</c>.</summary>
internal static class AdminRoutes
{
    public static void Map(IEndpointRouteBuilder routes, ICollectorPort port, AdminGuard guard)
    {
        routes.MapPost("/reload", async (HttpContext call) => Refuse(guard, call) ?? await ReloadAsync(port, call.RequestAborted));
        routes.MapPost("/rotate", async (HttpContext call, string? venue, string? connection, bool? wait) =>
            Refuse(guard, call) ?? await RotateAsync(port, venue, connection, wait == true, call.RequestAborted));
    }

    private static IResult? Refuse(AdminGuard guard, HttpContext call) =>
        guard.Refuse(call) is var (status, error) ? Results.Json(new { error }, statusCode: status) : null;

    /// <summary>It goes on to its end, also when who asked for it has gone.</summary>
    private static async Task<IResult> ReloadAsync(ICollectorPort port, CancellationToken gone)
    {
        var outcome = await port.ReloadAsync().WaitAsync(gone);
        return Results.Json(outcome, statusCode: outcome.Applied ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> RotateAsync(ICollectorPort port, string? venue, string? connection, bool waits, CancellationToken gone)
    {
        var all = port.Connections;
        if (venue is not null && !all.ContainsKey(venue))
        {
            return Results.Json(new { error = $"there is no venue {venue}", venues = all.Keys }, statusCode: StatusCodes.Status404NotFound);
        }

        List<(string Venue, string Connection)> known =
            [.. all.Where(one => venue is null || one.Key == venue).SelectMany(one => one.Value.Select(name => (one.Key, name)))];
        var wanted = known.Where(one => connection is null || one.Connection == connection).ToList();
        if (connection is not null && wanted.Count == 0)
        {
            return Results.Json(
                new { error = $"there is no connection {connection}", connections = known.Select(one => one.Connection) },
                statusCode: StatusCodes.Status404NotFound);
        }

        List<string> names = [.. wanted.Select(one => one.Connection)];
        var rotating = Task.WhenAll(wanted.Select(one => one.Venue).Distinct().Select(one => port.RotateAsync(one, connection)));
        if (!waits)
        {
            return Results.Json(new RotationAnswer(names, null), statusCode: StatusCodes.Status202Accepted);
        }

        var outcomes = await rotating.WaitAsync(gone);
        return Results.Json(new RotationAnswer(names, [.. outcomes.SelectMany(one => one).Select(RotationAnswer.Outcome.Of)]));
    }
}
