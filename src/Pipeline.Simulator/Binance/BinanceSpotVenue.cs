using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Binance;

/// <summary>The Binance spot dialect: takes handshakes, serves sessions and watches their pings.</summary>
internal sealed class BinanceSpotVenue : IDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);

    private readonly SimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly BinanceSessionSetup _setup;
    private readonly ConnectionTable _connections;
    private readonly ConnectBudget _connects;
    private readonly ILogger _log;
    private readonly ITimer _watch;

    public BinanceSpotVenue(
        SimulatorOptions options,
        TimeProvider clock,
        StreamDirectory directory,
        Recording? recording,
        ConnectionTable connections,
        ILogger log)
    {
        _options = options;
        _clock = clock;
        _setup = new BinanceSessionSetup(
            clock, directory, recording, options.Replay?.Speed ?? 0, BinanceSpotLimits.ConnectionLife, log);
        _connections = connections;
        _connects = new ConnectBudget(clock);
        _log = log;
        _watch = clock.CreateTimer(static me => ((BinanceSpotVenue)me!).OnClock(), this, WatchInterval, WatchInterval);
    }

    /// <summary>What clients are told with the close when the simulator ends.</summary>
    public const string Goodbye = "The simulator stops";

    /// <summary>Serves one HTTP request: the handshake and all that follows, or a refusal.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (ConnectTarget.From(context.Request) is not { } target)
        {
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status404NotFound, "Not found. Paths are /ws and /stream.");
            return;
        }

        if (!_connects.TryTake(context.Connection.RemoteIpAddress ?? IPAddress.None, out var wait))
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status429TooManyRequests, "Too many connection attempts.");
            return;
        }

        if (await AcceptAsync(context, target) is { } session)
        {
            await ServeAsync(session, target);
        }
    }

    public void Dispose() => _watch.Dispose();

    /// <summary>The handshake, up to the place in the table: in between the client already takes itself for connected.</summary>
    private async Task<BinanceSession?> AcceptAsync(HttpContext context, ConnectTarget target)
    {
        _connections.BeginHandshake();
        try
        {
            if (await WebSocketHandshake.AcceptAsync(context) is not { } stream)
            {
                return null;
            }

            var path = context.Request.Path + context.Request.QueryString;
            var setup = new ConnectionSetup(path, _options.MaxUnsentBytes, _clock, () => Reset(context));
            var session = new BinanceSession(new SimulatorConnection(_connections.NextId(), stream, setup), target, _setup);
            _connections.Add(session);
            _log.ClientConnected(session.Connection.Id, path);
            return session;
        }
        finally
        {
            _connections.EndHandshake();
        }
    }

    private async Task ServeAsync(BinanceSession session, ConnectTarget target)
    {
        using var connection = session.Connection;
        try
        {
            if (_connections.IsStopping)
            {
                connection.Close(CloseCode.GoingAway, Goodbye);
            }

            session.Open(target.Streams);
            await connection.RunAsync(session, BinanceSpotLimits.RequestBytes);
        }
        finally
        {
            session.End();
            _connections.Remove(session);
            Tell(connection);
        }
    }

    private void Tell(SimulatorConnection connection)
    {
        if (connection.EndReason is { } reason)
        {
            _log.ClientEnded(connection.Id, reason, connection.FramesSent);
        }
        else
        {
            _log.ClientLeft(connection.Id, connection.FramesSent);
        }
    }

    /// <summary>A TCP reset instead of the orderly end that closing a socket gives.</summary>
    private static void Reset(HttpContext context)
    {
        try
        {
            if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
            {
                socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
                socket.Close();
            }
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        context.Abort();
    }

    private void OnClock()
    {
        foreach (var session in _connections.Open)
        {
            (session as BinanceSession)?.OnClock();
        }
    }
}
