using Pipeline.Gateway.Candles;

namespace Pipeline.Gateway.Tests.Candles;

/// <summary>Rooms in memory.</summary>
internal sealed class FakeKlineOutlet : IKlineOutlet
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<FakeKlineClient>> _rooms = [];

    public List<(string Room, object? Candle)> Published { get; } = [];

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

    public void Publish(string room, string name, ReadOnlyMemory<byte> json, object? candle)
    {
        lock (_gate)
        {
            Published.Add((room, candle));
            foreach (var client in _rooms.GetValueOrDefault(room, []))
            {
                client.Emit(name, json);
            }
        }
    }
}
