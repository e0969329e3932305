using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Control;

/// <summary>Ends connections: <c>close</c> with a code, <c>abort</c> with a TCP reset.</summary>
internal static class ConnectionRoutes
{
    private const int LongestReason = 123;

    public static Task CloseAsync(HttpContext context, SimulatorState state)
    {
        var (code, reason) = ReadClose(context);
        var closed = Find(context, state, context.GetRouteValue("id") as string).Connection.Close(code, reason);
        return JsonAnswer.WriteAsync(context, new { Closed = closed ? 1 : 0 });
    }

    public static Task CloseAllAsync(HttpContext context, SimulatorState state)
    {
        var (code, reason) = ReadClose(context);
        return JsonAnswer.WriteAsync(
            context, new { Closed = state.Connections.Open.Count(session => session.Connection.Close(code, reason)) });
    }

    public static Task AbortAsync(HttpContext context, SimulatorState state)
    {
        Find(context, state, context.GetRouteValue("id") as string).Connection.Abort("abort by control");
        return JsonAnswer.WriteAsync(context, new { Aborted = 1 });
    }

    /// <summary>The connection that a path or query names.</summary>
    public static IVenueSession Find(HttpContext context, SimulatorState state, string? id)
    {
        if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new ControlException(StatusCodes.Status400BadRequest, $"'{id}' is no connection number.");
        }

        return state.Connections.Find(number)
            ?? throw new ControlException(StatusCodes.Status404NotFound, $"There is no open connection {number}.");
    }

    private static (int Code, string Reason) ReadClose(HttpContext context)
    {
        var code = (int)ControlInput.Integer(context, "code", CloseCode.Normal, 1000, 4999);
        var reason = context.Request.Query["reason"].ToString();
        return !CloseCode.MaySend(code) ? throw Bad($"Close code {code} must not be sent (RFC 6455 §7.4).")
            : Encoding.UTF8.GetByteCount(reason) > LongestReason ? throw Bad($"reason has more than {LongestReason} bytes.")
            : (code, reason);
    }

    private static ControlException Bad(string message) => new(StatusCodes.Status400BadRequest, message);
}
