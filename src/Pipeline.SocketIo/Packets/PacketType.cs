namespace Pipeline.SocketIo.Packets;

/// <summary>Packet types of Socket.IO 5, as digits on the wire.</summary>
internal enum PacketType
{
    Connect = 0,
    Disconnect = 1,
    Event = 2,
    Ack = 3,
    ConnectError = 4,
    BinaryEvent = 5,
    BinaryAck = 6,
}
