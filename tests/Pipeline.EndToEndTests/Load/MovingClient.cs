using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests.Load;

/// <summary>
/// A client that keeps what it got over all its connections, and says to each gateway it comes to where it was at the one before.
/// </summary>
internal sealed class MovingClient(IEnumerable<string> streams) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = new();
    private SwarmClient? _socket;
    private TaskCompletionSource<JsonNode> _answer = new();

    /// <summary>What it has of each stream.</summary>
    public IReadOnlyList<Trail> Trails { get; } = [.. streams.Select(stream => new Trail(stream))];

    /// <summary>The gateway where it is.</summary>
    public int Port { get; private set; }

    /// <summary>Names of logs, in the order in which messages told them.</summary>
    public List<string> Epochs { get; } = [];

    /// <summary>Answers that did not say that everything was recovered, and messages that nobody asked for.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Times it came to a gateway and said where it had been.</summary>
    public int Resumed { get; private set; }

    public bool IsCut => _socket?.Closed is not null;

    /// <summary>Leaves where it is without a word, and goes on at another gateway.</summary>
    public async Task MoveAsync(int port)
    {
        await LeaveAsync();
        Port = port;
        _answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var trail in Trails)
        {
            trail.Moved();
        }

        var mustRecover = Epochs.Count > 0;
        _socket = await SwarmClient.ConnectAsync(port, onText: Take);
        _socket.Read();
        await _socket.SendTextAsync(Subscription());
        var answer = await _answer.Task.WaitAsync(Until.Bound);
        if ((bool?)answer["recovered"] == true)
        {
            Resumed++;
        }
        else if (mustRecover)
        {
            _faults.Enqueue($"{port} answered {answer.ToJsonString()}");
        }
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();

    private async Task LeaveAsync()
    {
        if (_socket is not null)
        {
            await _socket.DisposeAsync();
        }
    }

    private string Subscription()
    {
        var request = new JsonObject
        {
            ["op"] = "subscribe",
            ["id"] = "1",
            ["filters"] = new JsonObject { ["dataTypes"] = new JsonArray("trade", "candle:1s") },
        };
        if (Epochs.Count > 0)
        {
            var places = Trails.Select(one => KeyValuePair.Create(one.Stream, (JsonNode?)one.LastSeq));
            request["resume"] = new JsonObject { ["epoch"] = Epochs[^1], ["streams"] = new JsonObject(places) };
        }

        return request.ToJsonString();
    }

    private void Take(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("{\"type\":\"data\""u8))
        {
            _answer.TrySetResult(JsonNode.Parse(text)!);
            return;
        }

        var epoch = Encoding.UTF8.GetString(Between(text, ",\"epoch\":\""u8));
        if (Epochs is not [.., var last] || last != epoch)
        {
            Epochs.Add(epoch);
        }

        var stream = Between(text, "\"stream\":\""u8);
        foreach (var trail in Trails)
        {
            if (trail.IsOf(stream))
            {
                trail.Take(text, Port);
                return;
            }
        }

        _faults.Enqueue($"{Port} sent {Encoding.UTF8.GetString(text)}");
    }

    private static ReadOnlySpan<byte> Between(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start)
    {
        var rest = text[(text.IndexOf(start) + start.Length)..];
        return rest[..rest.IndexOf((byte)'"')];
    }
}
