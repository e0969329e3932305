using Pipeline.SocketIo.Packets;

namespace Pipeline.SocketIo;

/// <summary>A packet whose attachments are still to come.</summary>
internal sealed class PartialPacket(Packet packet)
{
    private readonly List<ReadOnlyMemory<byte>> _attachments = new(packet.Attachments);
    private long _bytes;

    public Packet Packet => packet;

    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments => _attachments;

    public bool IsComplete => _attachments.Count == packet.Attachments;

    /// <returns>False when they are too large together.</returns>
    public bool TryAdd(ReadOnlyMemory<byte> bytes, PacketLimits limits)
    {
        _bytes += bytes.Length;
        if (_bytes > limits.MaxAttachmentBytes)
        {
            return false;
        }

        _attachments.Add(bytes.ToArray());
        return true;
    }
}
