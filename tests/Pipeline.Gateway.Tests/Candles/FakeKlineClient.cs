using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Fanout;
using Pipeline.Gateway.Candles;

namespace Pipeline.Gateway.Tests.Candles;

/// <summary>A client that remembers what it gets, in order.</summary>
internal sealed class FakeKlineClient(string id, FakeKlineOutlet outlet, IPAddress? address = null) : IKlineClient
{
    private readonly Lock _gate = new();
    private readonly List<(string Name, byte[] Json)> _events = [];

    public string Id => id;

    public IPAddress Address { get; } = address ?? IPAddress.Loopback;

    public string? Subject => null;

    public bool IsDisconnected { get; private set; }

    public IReadOnlyList<(string Name, byte[] Json)> Raw
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public IReadOnlyList<(string Name, JsonNode Data)> Events => [.. Raw.Select(one => (one.Name, JsonNode.Parse(one.Json)!))];

    public IReadOnlyList<JsonNode> Of(string name) => [.. Events.Where(one => one.Name == name).Select(one => one.Data)];

    public string Text(int index) => Encoding.UTF8.GetString(Raw[index].Json);

    public void Emit(string name, ReadOnlyMemory<byte> json)
    {
        lock (_gate)
        {
            _events.Add((name, json.ToArray()));
        }
    }

    public void Join(string room) => outlet.Join(room, this);

    public void Leave(string room) => outlet.Leave(room, this);

    public void Disconnect() => IsDisconnected = true;

    public void Disconnect(LinkClosure closure) => Disconnect();

    public LinkStatistics Statistics() => new() { MessagesSent = Raw.Count, BytesSent = Raw.Sum(static one => one.Json.Length) };
}
