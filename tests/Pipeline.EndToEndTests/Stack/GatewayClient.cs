using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>A client of the gateway's plain WebSocket protocol: nothing of ours between the socket and the test.</summary>
internal sealed class GatewayClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonNode> _messages = [];
    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;

    /// <summary>Everything that has come so far, in order.</summary>
    public IReadOnlyList<JsonNode> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    public static async Task<GatewayClient> ConnectAsync(int port)
    {
        var client = new GatewayClient();
        using var bound = new CancellationTokenSource(Until.Bound);
        await client._socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws"), bound.Token);
        client._reading = client.ReadAsync();
        return client;
    }

    public Task SendAsync(string json) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>Data of a stream, snapshots left out unless asked for.</summary>
    public IReadOnlyList<JsonNode> DataOf(string stream, bool withSnapshots = false) =>
        [.. Messages.Where(one => (string?)one["type"] == "data" && (string?)one["stream"] == stream && (withSnapshots || (bool?)one["snapshot"] != true))];

    /// <summary>The answer to a request, when it has come.</summary>
    public async Task<JsonNode> AnswerAsync(string id)
    {
        JsonNode? Find() => Messages.FirstOrDefault(one => (string?)one["id"] == id);
        await Until.TrueAsync(() => Find() is not null, () => $"no answer to {id} among {Messages.Count} messages");
        return Find()!;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        var message = new MemoryStream();
        try
        {
            while (await _socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: WebSocketMessageType.Text } part)
            {
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    var node = JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!;
                    message.SetLength(0);
                    lock (_gate)
                    {
                        _messages.Add(node);
                    }
                }
            }
        }
        catch (WebSocketException)
        {
            // The gateway was killed, or the test is over.
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
