namespace Pipeline.SocketIo.Packets;

/// <summary>A packet as far as its text goes. The memory is lent.</summary>
internal readonly record struct Packet
{
    public const long NoId = -1;

    public PacketType Type { get; init; }

    /// <summary>Binary messages that follow.</summary>
    public int Attachments { get; init; }

    /// <summary>Without the comma; <c>/</c> where the packet names none.</summary>
    public ReadOnlyMemory<byte> Namespace { get; init; }

    /// <summary>Number of the acknowledgement that is asked for or given.</summary>
    public long Id { get; init; }

    /// <summary>JSON; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }
}
