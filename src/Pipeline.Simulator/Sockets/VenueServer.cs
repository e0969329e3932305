using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Transcripts;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Sockets;

/// <summary>Serves one dialect: takes handshakes, runs sessions, lets them see the clock, and passes other requests on.</summary>
internal sealed class VenueServer : IDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);

    private readonly SimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly IVenueDialect _dialect;
    private readonly ConnectionTable _connections;
    private readonly ConnectBudget _connects;
    private readonly SimulatorState _state;
    private readonly HandshakeFaults _handshakeFaults;
    private readonly RestFaults _restFaults;
    private readonly ILogger _log;
    private readonly ITimer _watch;

    public VenueServer(IVenueDialect dialect, SimulatorOptions options, SimulatorState state, ILogger log)
    {
        _dialect = dialect;
        _options = options;
        _state = state;
        _clock = state.Clock;
        _connections = state.Connections;
        _connects = new ConnectBudget(_clock, dialect.ConnectLimit);
        _handshakeFaults = new HandshakeFaults(state.Faults, Venue, _clock);
        _restFaults = new RestFaults(state.Faults, dialect, _clock);
        _log = log;
        _watch = _clock.CreateTimer(static me => ((VenueServer)me!).OnClock(), this, WatchInterval, WatchInterval);
    }

    /// <summary>What clients are told with the close when the simulator ends.</summary>
    public const string Goodbye = "The simulator stops";

    private SimulatedVenue Venue => _dialect.Listing.Venue;

    /// <summary>Serves one HTTP request: the handshake and all that follows, or whatever the venue answers.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (_dialect.Route(context.Request) is not { } open)
        {
            await _restFaults.AnswerAsync(context, () => Reset(context));
            return;
        }

        _connections.CountAttempt();
        if (await _handshakeFaults.TryHandleAsync(context, () => Reset(context)))
        {
            return;
        }

        if (!_connects.TryTake(context.Connection.RemoteIpAddress ?? IPAddress.None, out var wait))
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status429TooManyRequests, "Too many connection attempts.");
            return;
        }

        if (await AcceptAsync(context, open) is { } session)
        {
            await ServeAsync(session);
        }
    }

    public void Dispose() => _watch.Dispose();

    /// <summary>
    /// The handshake, which lasts until the session is open and sees the clock (<see cref="Open"/>): meanwhile the client already takes
    /// itself for connected.
    /// </summary>
    private async Task<IVenueSession?> AcceptAsync(HttpContext context, Func<SimulatorConnection, IVenueSession> open)
    {
        InterceptedSession? session = null;
        _connections.BeginHandshake();
        try
        {
            if (await WebSocketHandshake.AcceptAsync(context) is { } stream)
            {
                var path = context.Request.Path + context.Request.QueryString;
                var connection = Connect(path, stream, () => Reset(context));
                session = new InterceptedSession(open(connection));
                _connections.Add(session);
                _log.ClientConnected(session.Connection.Id, path);
            }

            return session;
        }
        finally
        {
            if (session is null)
            {
                _connections.EndHandshake();
            }
        }
    }

    private SimulatorConnection Connect(string path, Stream stream, Action reset)
    {
        var id = _connections.NextId();
        var ledger = new ClientLedger(id, Venue, path, _clock);
        _state.Ledgers.Add(ledger);
        return new SimulatorConnection(id, stream, new ConnectionSetup(path, _options.MaxUnsentBytes, _clock, reset)
        {
            Faults = new ConnectionFaults(_state.Faults, Venue, id, _clock),
            Ledger = ledger,
            Transcript = _state.Transcript,
        });
    }

    private async Task ServeAsync(IVenueSession session)
    {
        using var connection = session.Connection;
        try
        {
            Open(session);
            await connection.RunAsync(session, _dialect.MaxRequestBytes);
        }
        finally
        {
            session.End();
            _connections.Remove(session);
            connection.Ledger.Counts.End(connection.EndReason, MarketTime.Now(_clock));
            Tell(connection);
        }
    }

    private void Open(IVenueSession session)
    {
        try
        {
            if (_connections.IsStopping)
            {
                session.Connection.Close(CloseCode.GoingAway, Goodbye);
            }

            session.Open();
        }
        finally
        {
            _connections.EndHandshake();
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

    /// <summary>Sessions of other dialects are other servers' affair.</summary>
    private void OnClock()
    {
        foreach (var session in _connections.Open)
        {
            if (session.Dialect == _dialect)
            {
                session.OnClock();
            }
        }
    }
}
