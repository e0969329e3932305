using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pipeline.Fanout;
using Pipeline.SocketIo.Diagnostics;
using Pipeline.SocketIo.EngineIo;

namespace Pipeline.SocketIo;

/// <summary>
/// A Socket.IO 5 server. Namespaces are made with <see cref="Of"/>; clients reach only those. Polling requests come to
/// <see cref="HandleAsync"/>, WebSockets through <see cref="Decide"/>; see <c>MapSocketIo</c>.
/// </summary>
public sealed class SocketIoServer : ILinkGate, IDisposable
{
    private readonly ConcurrentDictionary<string, IoNamespace> _namespaces = new(StringComparer.Ordinal);
    private readonly IoNamespace _main;

    /// <param name="time">Clock of heartbeat and limits; the system's when null.</param>
    /// <param name="onError">Told of every exception that a handler throws.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public SocketIoServer(
        SocketIoOptions? options = null, TimeProvider? time = null, SocketIoMetrics? metrics = null, Action<Exception>? onError = null)
    {
        Options = options ?? new SocketIoOptions();
        Options.Validate();
        ConnectTimeout = (long)Math.Ceiling(Options.ConnectTimeout.TotalMilliseconds);
        Engine = new EngineServer(new SessionHandler(this), Options.Engine, time, metrics, onError);
        _main = Of("/");
    }

    public SocketIoOptions Options { get; }

    /// <summary>Connections, also those that are in no namespace yet.</summary>
    public int Count => Engine.Count;

    /// <summary>Counts since the server was made.</summary>
    public SocketIoStatistics Statistics => Metrics.Snapshot();

    /// <summary>What carries it.</summary>
    public EngineServer Engine { get; }

    /// <summary>Bears the instruments of <see cref="Statistics"/>, for whoever writes them out.</summary>
    public Meter Meter => Metrics.Meter;

    internal SocketIoMetrics Metrics => Engine.Metrics;

    internal long ConnectTimeout { get; }

    /// <summary>The namespace of a name, made when it is not there; the main one is <c>/</c> and always there, though it lets everyone in.</summary>
    public IoNamespace Of(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name[0] != '/' || name.Contains(',', StringComparison.Ordinal))
        {
            throw new ArgumentException("The name of a namespace begins with a slash and has no comma.", nameof(name));
        }

        return _namespaces.GetOrAdd(name, static (name, server) => new IoNamespace(server, name), this);
    }

    /// <inheritdoc/>
    public LinkDecision Decide(UpgradeRequest request) => Engine.Decide(request);

    /// <summary>Serves a polling request, or refuses what is none.</summary>
    public Task HandleAsync(HttpContext context) => Engine.HandleAsync(context);

    /// <summary>Takes no new connections and lets those go that poll; see <see cref="EngineServer.Drain"/>.</summary>
    public void Drain() => Engine.Drain();

    /// <summary>Ends every connection and takes no new ones.</summary>
    public void Dispose() => Engine.Dispose();

    internal IoNamespace? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length == 1)
        {
            return _main;
        }

        return _namespaces.GetValueOrDefault(Encoding.UTF8.GetString(name));
    }

    /// <summary>Asks the application whether a client may join; its exception is a refusal.</summary>
    internal async ValueTask<ConnectError?> CheckAsync(ConnectRequest request)
    {
        try
        {
            return await request.Namespace.CheckAsync(request);
        }
        catch (Exception error)
        {
            Engine.OnHandlerError(error);
            return new ConnectError("Internal error");
        }
    }

    /// <summary>Runs the application's code; its exception costs nobody the connection.</summary>
    internal async ValueTask RunAsync<T>(Func<T, ValueTask> work, T argument)
    {
        try
        {
            await work(argument);
        }
        catch (Exception error)
        {
            Engine.OnHandlerError(error);
        }
    }

    internal void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error)
        {
            Engine.OnHandlerError(error);
        }
    }

    internal void OnRateLimited(IoSocket socket, string name)
    {
        Metrics.OnRateLimited();
        Guard(() => socket.Namespace.RateLimited?.Invoke(socket, name));
    }

    /// <summary>The Socket.IO side of sessions.</summary>
    private sealed class SessionHandler(SocketIoServer server) : IEngineHandler
    {
        public void OnOpened(EngineSession session) => session.State = new Connection(server, session);

        public ValueTask OnMessageAsync(EngineSession session, ReadOnlyMemory<byte> payload, bool isBinary) =>
            ((Connection)session.State!).OnMessageAsync(payload, isBinary);

        public void OnUpgraded(EngineSession session) => (session.State as Connection)?.OnUpgraded();

        public void OnClosed(EngineSession session, EngineCloseReason reason) => (session.State as Connection)?.OnClosed(reason);

        public void OnSweep(EngineSession session, long now) => (session.State as Connection)?.OnSweep(now);
    }
}
