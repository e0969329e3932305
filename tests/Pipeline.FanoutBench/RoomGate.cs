using System.Buffers;
using System.Buffers.Text;
using Pipeline.Fanout;

namespace Pipeline.FanoutBench;

/// <summary>Takes every handshake; rooms are numbered.</summary>
internal sealed class RoomGate : ILinkGate, ILinkHandler
{
    private readonly Room[] _rooms = [.. Enumerable.Range(0, 4096).Select(_ => new Room())];
    private readonly LinkDecision _decision;

    public RoomGate() => _decision = new LinkDecision { Handler = this, Options = new LinkOptions { Compression = true } };

    public LinkDecision Decide(UpgradeRequest request) => _decision;

    public void OnOpened(ClientLink link) => link.Tag = null;

    public ValueTask OnMessageAsync(ClientLink link, ReadOnlySequence<byte> payload, bool isBinary)
    {
        var text = payload.FirstSpan;
        var subscribes = text[0] == (byte)'+';
        if (!Utf8Parser.TryParse(text[(subscribes ? 2 : 1)..], out int number, out var digits))
        {
            return ValueTask.CompletedTask;
        }

        var room = _rooms[number & 4095];
        if (subscribes)
        {
            room.Add(link);
            link.Tag = link.Tag is Room[] joined ? [.. joined, room] : new[] { room };
        }
        else
        {
            room.Publish(SharedMessage.Text(payload.First[(digits + 2)..]), Delivery.Required);
        }

        return ValueTask.CompletedTask;
    }

    public void OnClosed(ClientLink link, LinkClosure closure)
    {
        foreach (var room in link.Tag as Room[] ?? [])
        {
            room.Remove(link);
        }
    }
}
