using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Pipeline.Gateway.Tests.Hosting;

namespace Pipeline.Gateway.Tests.WebSockets;

/// <summary>One subscription over a socket of its own; what comes is kept, in order.</summary>
internal sealed class SocketSubscriber(ClientWebSocket socket) : IDisposable
{
    private const string Request = """{"op":"subscribe","id":"1","filters":{"dataTypes":["trade","candle:1m"]}}""";

    private readonly byte[] _buffer = new byte[16 * 1024];
    private long _lastTrade = -1;

    /// <summary>Data messages.</summary>
    public List<JsonElement> Data { get; } = [];

    /// <summary>Live trades among them.</summary>
    public int LiveTrades { get; private set; }

    /// <summary>Offset of the newest trade.</summary>
    public long LastTrade => Volatile.Read(ref _lastTrade);

    public static async Task<SocketSubscriber> SubscribeAsync(RunningGateway gateway)
    {
        var socket = await WsClient.OpenAsync(gateway);
        await socket.SendAsync(Encoding.UTF8.GetBytes(Request), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        return new SocketSubscriber(socket);
    }

    /// <summary>Takes messages until something holds.</summary>
    public async Task ReadUntilAsync(Func<bool> holds, CancellationToken cancellation)
    {
        while (!holds())
        {
            Take(await ReceiveAsync(cancellation));
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task<JsonElement> ReceiveAsync(CancellationToken cancellation)
    {
        var length = 0;
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
            length += received.Count;
        }
        while (!received.EndOfMessage);
        Assert.True(received.MessageType == WebSocketMessageType.Text, $"{socket.CloseStatus} {socket.CloseStatusDescription}");
        return JsonSerializer.Deserialize<JsonElement>(_buffer.AsSpan(0, length));
    }

    private void Take(JsonElement message)
    {
        if (message.GetProperty("type").GetString() != "data")
        {
            Assert.Equal(("ack", 2), (message.GetProperty("type").GetString(), message.GetProperty("streams").GetInt32()));
            return;
        }

        Data.Add(message);
        if (message.GetProperty("stream").GetString()!.EndsWith(":trade", StringComparison.Ordinal))
        {
            LiveTrades += message.GetProperty("snapshot").GetBoolean() ? 0 : 1;
            Volatile.Write(ref _lastTrade, message.GetProperty("seq").GetInt64());
        }
    }
}
