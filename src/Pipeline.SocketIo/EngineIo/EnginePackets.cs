using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>Packet types of Engine.IO 4 as they stand on the wire, and the packets that never change.</summary>
internal static class EnginePackets
{
    public const byte Open = (byte)'0';
    public const byte Close = (byte)'1';
    public const byte Ping = (byte)'2';
    public const byte Pong = (byte)'3';
    public const byte Message = (byte)'4';
    public const byte Upgrade = (byte)'5';
    public const byte Noop = (byte)'6';

    /// <summary>Before base64 in a polling payload.</summary>
    public const byte Base64 = (byte)'b';

    /// <summary>Between packets of a polling payload.</summary>
    public const byte Separator = 0x1e;

    public static readonly SharedMessage ClosePacket = SharedMessage.Text("1"u8.ToArray());
    public static readonly SharedMessage PingPacket = SharedMessage.Text("2"u8.ToArray());
    public static readonly SharedMessage NoopPacket = SharedMessage.Text("6"u8.ToArray());
    public static readonly SharedMessage ProbeAnswer = SharedMessage.Text("3probe"u8.ToArray());

    public static ReadOnlySpan<byte> ProbePing => "2probe"u8;
}
