namespace Pipeline.SocketIo.Packets;

/// <summary>What a packet of a client may be at most; beyond it the connection is closed.</summary>
public sealed record PacketLimits
{
    /// <summary>Binary attachments.</summary>
    public int MaxAttachments { get; init; } = 10;

    /// <summary>Bytes of all attachments of a packet.</summary>
    public int MaxAttachmentBytes { get; init; } = 1_000_000;

    /// <summary>Arrays and objects within each other.</summary>
    public int MaxJsonDepth { get; init; } = 64;

    /// <summary>Arguments of an event or an acknowledgement.</summary>
    public int MaxArguments { get; init; } = 64;

    /// <summary>UTF-8 bytes of an event's name as it stands in the JSON, without its quotes.</summary>
    public int MaxEventNameBytes { get; init; } = 128;

    /// <summary>Bytes of what a client sends along when it joins a namespace; they are kept as long as it is there.</summary>
    public int MaxAuthBytes { get; init; } = 16 * 1024;

    /// <summary>UTF-8 bytes of a namespace's name.</summary>
    public int MaxNamespaceBytes { get; init; } = 128;
}
