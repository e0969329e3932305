using Pipeline.SocketIo.Packets;

namespace Pipeline.SocketIo;

/// <summary>An event that a client sent.</summary>
public sealed class IoEvent
{
    private readonly long _id;
    private int _acknowledged;

    internal IoEvent(IoSocket socket, string name, IoArguments arguments, long id)
    {
        Socket = socket;
        Name = name;
        Arguments = arguments;
        _id = id;
    }

    public IoSocket Socket { get; }

    public string Name { get; }

    /// <summary>Lent for the time of the handler; see <see cref="IoArguments.Copy"/>.</summary>
    public IoArguments Arguments { get; }

    /// <summary>The client wants an acknowledgement.</summary>
    public bool WantsAck => _id != Packet.NoId;

    /// <summary>Acknowledges, now or later; only the first one counts, and none where the client wants none.</summary>
    public void Ack(params ReadOnlySpan<IoValue> values) => Ack(IoArguments.Of(values));

    /// <summary>Acknowledges, now or later; only the first one counts, and none where the client wants none.</summary>
    public void Ack(IoArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (WantsAck && Interlocked.Exchange(ref _acknowledged, 1) == 0)
        {
            Socket.Acknowledge(_id, arguments);
        }
    }
}
