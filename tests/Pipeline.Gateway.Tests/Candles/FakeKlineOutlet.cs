using Pipeline.Fanout;
using Pipeline.Fanout.Outboxes;
using Pipeline.Gateway.Candles;

namespace Pipeline.Gateway.Tests.Candles;

/// <summary>Rooms in memory.</summary>
internal sealed class FakeKlineOutlet : IKlineOutlet
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<FakeKlineClient>> _rooms = [];

    public List<(string Room, Delivery Delivery)> Published { get; } = [];

    /// <summary>What waits for a client that reads nothing.</summary>
    public Outbox Waiting { get; } = new(new LinkOptions());

    public IReadOnlyList<string> Rooms
    {
        get
        {
            lock (_gate)
            {
                return [.. _rooms.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    public void Join(string room, FakeKlineClient client)
    {
        lock (_gate)
        {
            _rooms.TryAdd(room, []);
            _rooms[room].Add(client);
        }
    }

    public void Leave(string room, FakeKlineClient client)
    {
        lock (_gate)
        {
            if (_rooms[room].Remove(client) && _rooms[room].Count == 0)
            {
                _rooms.Remove(room);
            }
        }
    }

    public int Publish(string room, string name, ReadOnlyMemory<byte> json, Delivery delivery, object candle)
    {
        lock (_gate)
        {
            Published.Add((room, delivery));
            Waiting.Post(SharedMessage.Text(json), delivery, candle, tick: 0);
            var members = _rooms.GetValueOrDefault(room, []);
            foreach (var client in members)
            {
                client.Emit(name, json);
            }

            return members.Count;
        }
    }
}
