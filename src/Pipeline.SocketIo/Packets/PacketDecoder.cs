using System.Buffers.Text;

namespace Pipeline.SocketIo.Packets;

/// <summary>
/// Text of a packet to its parts: <c>type [attachments -] [/namespace ,] [id] [payload]</c>. A pure function; the JSON is looked at elsewhere.
/// </summary>
internal static class PacketDecoder
{
    /// <summary>More would not be exact in a JavaScript number.</summary>
    private const int MaxIdDigits = 15;

    private static readonly ReadOnlyMemory<byte> MainNamespace = "/"u8.ToArray();

    /// <returns>False when it is no packet, or beyond a limit.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> text, PacketLimits limits, out Packet packet)
    {
        packet = default;
        if (text.IsEmpty || text.Span[0] is < (byte)'0' or > (byte)'6')
        {
            return false;
        }

        var type = (PacketType)(text.Span[0] - '0');
        var rest = text[1..];
        var attachments = 0;
        if (type is PacketType.BinaryEvent or PacketType.BinaryAck && !TryTakeAttachments(ref rest, limits.MaxAttachments, out attachments))
        {
            return false;
        }

        if (!TryTakeNamespace(ref rest, limits.MaxNamespaceBytes, out var name) || !TryTakeId(ref rest, out var id))
        {
            return false;
        }

        packet = new Packet { Type = type, Attachments = attachments, Namespace = name, Id = id, Payload = rest };
        return true;
    }

    private static bool TryTakeAttachments(ref ReadOnlyMemory<byte> rest, int max, out int attachments)
    {
        var span = rest.Span;
        var isNumber = Utf8Parser.TryParse(span, out attachments, out var digits) && span[0] != (byte)'+';
        if (!isNumber || attachments < 1 || attachments > max || digits == span.Length || span[digits] != (byte)'-')
        {
            return false;
        }

        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryTakeNamespace(ref ReadOnlyMemory<byte> rest, int max, out ReadOnlyMemory<byte> name)
    {
        name = MainNamespace;
        if (rest.IsEmpty || rest.Span[0] != (byte)'/')
        {
            return true;
        }

        var end = rest.Span.IndexOf((byte)',');
        name = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];

        // It goes back in an answer, where a control character could pass for the end of a packet.
        return name.Length <= max && !name.Span.ContainsAnyInRange((byte)0, (byte)0x1f);
    }

    private static bool TryTakeId(ref ReadOnlyMemory<byte> rest, out long id)
    {
        var digits = rest.Span.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? rest.Length : digits;
        id = Packet.NoId;
        if (digits == 0)
        {
            return true;
        }

        if (digits > MaxIdDigits || !Utf8Parser.TryParse(rest.Span[..digits], out id, out _))
        {
            return false;
        }

        rest = rest[digits..];
        return true;
    }
}
