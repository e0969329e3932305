using System.Buffers;
using System.Text;
using System.Text.Json;
using Pipeline.Fanout;
using Pipeline.Gateway.Streams;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Tests.Hub;

/// <summary>A client of a hub with threads; what it gets is kept in a list.</summary>
internal sealed class LiveClient : IOutlet
{
    private readonly Lock _gate = new();
    private readonly List<JsonElement> _messages = [];
    private readonly WebSocketSession _session;

    public LiveClient(WebSocketProtocol protocol)
    {
        _session = protocol.MakeSession(new SessionInfo(System.Net.IPAddress.Loopback));
        _session.Open(this);
    }

    public ClientLink? Link => null;

    public long WaitingBytes => 0;

    public IReadOnlyList<JsonElement> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    public IReadOnlyList<JsonElement> Data => [.. Messages.Where(one => TypeOf(one) == "data")];

    public static string TypeOf(JsonElement message) => message.GetProperty("type").GetString()!;

    public bool Post(SharedMessage message, Delivery delivery, object? key = null)
    {
        lock (_gate)
        {
            _messages.Add(JsonSerializer.Deserialize<JsonElement>(message.Payload.Span));
            return true;
        }
    }

    public void Close(int code, string reason)
    {
    }

    public void SetMaximumRate(double messagesPerSecond)
    {
    }

    public Task SendAsync(string json) => _session.OnMessageAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), isBinary: false).AsTask();

    /// <summary>Waits until something holds of what came, or the test's time is over.</summary>
    public async Task UntilAsync(Func<IReadOnlyList<JsonElement>, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds(Messages))
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
