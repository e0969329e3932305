using System.Buffers;
using System.Text;
using System.Text.Json;
using Pipeline.Fanout;
using Pipeline.Gateway.Streams;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Tests.Hub;

/// <summary>A client whose messages go into a list.</summary>
internal sealed class TestClient : IOutlet
{
    private readonly StillHub _hub;
    private readonly WebSocketSession _session;
    private int _next;

    public TestClient(StillHub hub, WebSocketSession session)
    {
        _hub = hub;
        _session = session;
        session.Open(this);
    }

    public ClientLink? Link => null;

    public long WaitingBytes { get; set; }

    public double MaximumRate { get; private set; } = -1;

    public List<(JsonElement Message, Delivery Delivery, object? Key)> Received { get; } = [];

    public List<string> Texts { get; } = [];

    public (int Code, string Reason)? Closed { get; private set; }

    public IEnumerable<JsonElement> Messages => Received.Select(one => one.Message);

    /// <summary>Data since the last look.</summary>
    public List<JsonElement> NextData()
    {
        var data = Messages.Skip(_next).Where(one => one.GetProperty("type").GetString() == "data").ToList();
        _next = Received.Count;
        return data;
    }

    public JsonElement Last => Received[^1].Message;

    public bool Post(SharedMessage message, Delivery delivery, object? key = null)
    {
        if (Closed is not null)
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(message.Payload.Span);
        Texts.Add(text);
        Received.Add((JsonSerializer.Deserialize<JsonElement>(text), delivery, key));
        return true;
    }

    public void Close(int code, string reason) => Closed ??= (code, reason);

    public void SetMaximumRate(double messagesPerSecond) => MaximumRate = messagesPerSecond;

    /// <summary>Sends a request; the hub's turn follows.</summary>
    /// <returns>The answer: the first message after it that is no data.</returns>
    public JsonElement Send(string json, bool settle = true)
    {
        var before = Received.Count;
        SendRaw(Encoding.UTF8.GetBytes(json));
        if (settle)
        {
            _hub.Settle();
        }

        return Messages.Skip(before).FirstOrDefault(one => one.GetProperty("type").GetString() != "data");
    }

    public void SendRaw(byte[] bytes, bool isBinary = false)
    {
        var handled = _session.OnMessageAsync(new ReadOnlySequence<byte>(bytes), isBinary).AsTask();
        Assert.True(handled.IsCompletedSuccessfully);
    }

    /// <summary>Sends a request that a busy hub answers later.</summary>
    public Task SendLater(string json) => _session.OnMessageAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), isBinary: false).AsTask();

    public JsonElement Subscribe(string filters = "{}", string more = "") =>
        Send($$"""{"op":"subscribe","id":"1","filterId":"f1","filters":{{filters}}{{more}}}""");

    public void Leave() => _session.Closed();
}
