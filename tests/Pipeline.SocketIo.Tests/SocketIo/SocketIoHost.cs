using System.Text.Json;
using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Tests.Wire;
using Pipeline.TestKit.Time;

namespace Pipeline.SocketIo.Tests.SocketIo;

/// <summary>A Socket.IO server on a clock that stands still.</summary>
internal sealed class SocketIoHost : IDisposable
{
    private const string Polling = "?EIO=4&transport=polling";

    public SocketIoHost(SocketIoOptions? options = null)
    {
        Server = new SocketIoServer(options, Time, onError: Errors.Add);
        Links = new LinkServer([Server], Time);
        Main = Server.Of("/");
        Main.Connected = socket =>
        {
            lock (Sockets)
            {
                Sockets.Add(socket);
            }

            return ValueTask.CompletedTask;
        };
        Main.Disconnected = (_, reason) =>
        {
            lock (Gone)
            {
                Gone.Add(reason);
            }
        };
        Main.On("echo", said => said.Socket.Emit("echoed", said.Arguments));
    }

    public TestTimeProvider Time { get; } = new();

    public SocketIoServer Server { get; }

    public IoNamespace Main { get; }

    public LinkServer Links { get; }

    public List<IoSocket> Sockets { get; } = [];

    public List<DisconnectReason> Gone { get; } = [];

    public List<Exception> Errors { get; } = [];

    public static SocketIoOptions WithRecovery(RecoveryOptions? recovery = null) => new() { Recovery = recovery ?? new RecoveryOptions() };

    /// <summary>A connection that is in no namespace yet.</summary>
    public async Task<MemorySocket> OpenAsync()
    {
        var socket = MemorySocket.Open(Links, Server, "/socket.io/", "?EIO=4&transport=websocket");
        Assert.StartsWith("0{", await socket.NextAsync(), StringComparison.Ordinal);
        return socket;
    }

    /// <summary>A client of the main namespace.</summary>
    public async Task<MemorySocket> ConnectAsync(string auth = "") => (await ConnectWithIdsAsync(auth)).Socket;

    /// <summary>The same, with what the server told it: public and private id.</summary>
    public async Task<(MemorySocket Socket, string Id, string? PrivateId)> ConnectWithIdsAsync(string auth = "")
    {
        var before = Sockets.Count;
        var socket = await OpenAsync();
        await socket.SendAsync("40" + auth);
        var answer = await socket.NextAsync();
        Assert.StartsWith("40{", answer, StringComparison.Ordinal);
        var told = JsonDocument.Parse(answer[2..]).RootElement;
        await Eventually.TrueAsync(() => Sockets.Count > before);
        return (socket, told.GetProperty("sid").GetString()!, told.TryGetProperty("pid", out var pid) ? pid.GetString() : null);
    }

    public async Task<string> OpenPollingAsync()
    {
        var response = await RequestAsync("GET", Polling);
        return JsonDocument.Parse(response.Body[1..]).RootElement.GetProperty("sid").GetString()!;
    }

    public Task<Response> PollAsync(string sid) => RequestAsync("GET", Polling + "&sid=" + sid);

    public Task<Response> PostAsync(string sid, string body) => RequestAsync("POST", Polling + "&sid=" + sid, body);

    public void Advance(int milliseconds) => Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    public void Dispose()
    {
        Server.Dispose();
        Links.Dispose();
    }

    private Task<Response> RequestAsync(string method, string query, string? body = null) =>
        Requests.SendAsync(Server.HandleAsync, method, query, body);
}
