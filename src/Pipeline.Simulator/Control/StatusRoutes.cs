using Microsoft.AspNetCore.Http;
using Pipeline.Core.Market;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Control;

/// <summary><c>GET /status</c> and <c>GET /connections</c>.</summary>
internal static class StatusRoutes
{
    public static Task StatusAsync(HttpContext context, SimulatorState state)
    {
        var totals = state.Totals();
        return JsonAnswer.WriteAsync(context, new
        {
            totals.Mode,
            Clock = MarketTime.Now(state.Clock),
            UptimeSeconds = totals.Uptime.TotalSeconds,
            Symbols = state.World?.EnginesOf(SimulatedVenue.BinanceSpot).Select(engine => engine.Spec.Symbol) ?? [],
            Markets = state.World?.Engines.Select(engine => new { Venue = engine.Spec.Venue.Name(), engine.Spec.Symbol }) ?? [],
            Totals = new
            {
                totals.ConnectionsOpen,
                totals.ConnectionsOpened,
                totals.FramesSent,
                totals.FramesPerSecond,
                totals.FaultsActive,
                totals.BytesSent,
                totals.UnsentBytes,
                totals.Trades,
                LagMilliseconds = totals.Lag.TotalMilliseconds,
                totals.Ends,
            },
            Replay = state.Recording is { } recording ? Describe(recording, state.Connections) : null,
        });
    }

    public static Task ConnectionsAsync(HttpContext context, SimulatorState state) =>
        JsonAnswer.WriteAsync(context, state.Connections.Open.Select(session => new
        {
            session.Connection.Id,
            Venue = session.Dialect.Listing.Venue.Name(),
            session.Connection.Path,
            session.Streams,
            session.Connection.FramesSent,
            session.Connection.BytesSent,
            session.Connection.UnsentBytes,
            ConnectedSince = session.Connection.ConnectedAt,
            Pings = session.PingsSent,
            Pongs = session.PongsReceived,
            session.Replay,
        }).ToList());

    /// <summary>Over all connections: failed when one has, finished when at least one is and none is still at it.</summary>
    private static object Describe(Recording recording, ConnectionTable connections)
    {
        var progress = connections.Open.Select(session => session.Replay).OfType<ReplayProgress>().ToList();
        return new
        {
            Recording = recording.Name,
            Frames = recording.Count,
            recording.Streams,
            recording.FirstTime,
            recording.LastTime,
            State = progress.Exists(each => each.State == "failed") ? "failed"
                : progress.Exists(each => each.State == "running") ? "running"
                : progress.Exists(each => each.State == "finished") ? "finished"
                : "waiting",
            FramesSent = progress.Sum(each => each.FramesSent),
        };
    }
}
