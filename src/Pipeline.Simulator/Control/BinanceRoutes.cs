using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Core.Market;
using Pipeline.Simulator.Binance;

namespace Pipeline.Simulator.Control;

/// <summary>What only connections of Binance know.</summary>
internal static class BinanceRoutes
{
    /// <summary><c>?percent=</c>: where the connection cuts its book updates; 0 = where all do.</summary>
    public static Task RegroupAsync(HttpContext context, SimulatorState state)
    {
        var session = Find(context, state);
        var percent = (int)ControlInput.Integer(context, "percent", 50, 0, 99);
        session.DepthPhase = percent;
        return JsonAnswer.WriteAsync(context, new { Percent = percent });
    }

    /// <summary>Announces that the server is about to shut down; the connection stays open.</summary>
    public static Task AnnounceShutdownAsync(HttpContext context, SimulatorState state)
    {
        Find(context, state).AnnounceShutdown(MarketTime.Now(state.Clock));
        return JsonAnswer.WriteAsync(context, new { Announced = 1 });
    }

    private static BinanceSession Find(HttpContext context, SimulatorState state) =>
        ConnectionRoutes.Find(context, state, context.GetRouteValue("id") as string) as BinanceSession
        ?? throw new ControlException(StatusCodes.Status400BadRequest, "The connection is none of Binance.");
}
