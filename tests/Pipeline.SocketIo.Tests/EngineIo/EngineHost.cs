using System.Text;
using System.Text.Json;
using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Tests.Wire;
using Pipeline.TestKit.Time;

namespace Pipeline.SocketIo.Tests.EngineIo;

/// <summary>An Engine.IO server on a clock that stands still, which sends every message back and notes what it is told.</summary>
internal sealed class EngineHost : IEngineHandler, IDisposable
{
    private const string Polling = "?EIO=4&transport=polling";
    private const string WebSocket = "?EIO=4&transport=websocket";

    public EngineHost(EngineOptions? options = null)
    {
        Options = options ?? new EngineOptions
        {
            PingInterval = TimeSpan.FromMilliseconds(300),
            PingTimeout = TimeSpan.FromMilliseconds(200),
            UpgradeTimeout = TimeSpan.FromSeconds(1),
            MaxPayload = 1000,
        };
        Server = new EngineServer(this, Options, Time, onError: Errors.Add);
        Links = new LinkServer([Server], Time);
    }

    public TestTimeProvider Time { get; } = new();

    public EngineOptions Options { get; }

    public EngineServer Server { get; }

    public LinkServer Links { get; }

    public List<EngineSession> Opened { get; } = [];

    public List<EngineCloseReason> Closed { get; } = [];

    public List<Exception> Errors { get; } = [];

    /// <summary>Done instead of sending back.</summary>
    public Func<string, ValueTask>? OnText { get; set; }

    public void OnOpened(EngineSession session)
    {
        lock (Opened)
        {
            Opened.Add(session);
        }
    }

    public ValueTask OnMessageAsync(EngineSession session, ReadOnlyMemory<byte> payload, bool isBinary)
    {
        if (isBinary)
        {
            session.Send(SharedMessage.Binary(payload));
            return ValueTask.CompletedTask;
        }

        var text = Encoding.UTF8.GetString(payload.Span);
        if (OnText is { } handler)
        {
            return handler(text);
        }

        session.Send(Text(text));
        return ValueTask.CompletedTask;
    }

    public void OnClosed(EngineSession session, EngineCloseReason reason)
    {
        lock (Closed)
        {
            Closed.Add(reason);
        }
    }

    public static SharedMessage Text(string text) => SharedMessage.Text(Encoding.UTF8.GetBytes("4" + text));

    public void Advance(int milliseconds) => Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    public async Task<string> OpenPollingAsync()
    {
        var response = await RequestAsync("GET", Polling);
        Assert.Equal(200, response.Status);
        return JsonDocument.Parse(response.Body[1..]).RootElement.GetProperty("sid").GetString()!;
    }

    public Task<Response> PollAsync(string sid, CancellationToken aborted = default) => RequestAsync("GET", Polling + "&sid=" + sid, null, aborted);

    public Task<Response> PostAsync(string sid, string body) => RequestAsync("POST", Polling + "&sid=" + sid, body);

    public Task<Response> RequestAsync(string method, string query, string? body = null, CancellationToken aborted = default, string? origin = null) =>
        Requests.SendAsync(Server.HandleAsync, method, query, body, aborted, origin);

    public MemorySocket OpenSocket(string? sid = null) =>
        MemorySocket.Open(Links, Server, "/engine.io/", WebSocket + (sid is null ? "" : "&sid=" + sid));

    /// <summary>A session on a WebSocket, past its open packet.</summary>
    public async Task<MemorySocket> OpenSessionAsync()
    {
        var socket = OpenSocket();
        Assert.StartsWith("0{", await socket.NextAsync(), StringComparison.Ordinal);
        return socket;
    }

    public void Dispose()
    {
        Server.Dispose();
        Links.Dispose();
    }
}
