using System.Globalization;
using System.Text;
using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;

namespace Pipeline.SocketIo.Packets;

/// <summary>Packets to what stands on the wire, Engine.IO's leading <c>4</c> included; with attachments several messages in one, so that nothing comes between.</summary>
internal static class PacketEncoder
{
    /// <param name="prefix">Of the namespace: empty, or its name and a comma.</param>
    /// <param name="id">Of the acknowledgement that is asked for; null = none.</param>
    /// <param name="offset">Place in the log of what can be recovered, told as one more argument; null = not kept.</param>
    public static SharedMessage Event(byte[] prefix, string name, IoArguments arguments, long? id = null, string? offset = null)
    {
        var nameBytes = EventNames.Measure(name, out var encodedName);
        var text = new Text(prefix, PacketType.Event, arguments, id, name, encodedName, nameBytes, offset);
        return Join(text, arguments);
    }

    public static SharedMessage Ack(byte[] prefix, IoArguments arguments, long id) =>
        Join(new Text(prefix, PacketType.Ack, arguments, id, null, null, 0, null), arguments);

    /// <summary>A packet without arguments: connect, connect error, disconnect.</summary>
    /// <param name="json">Payload; empty = none.</param>
    public static SharedMessage Plain(PacketType type, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> json)
    {
        var bytes = new byte[2 + prefix.Length + json.Length];
        bytes[0] = EnginePackets.Message;
        bytes[1] = (byte)('0' + (int)type);
        prefix.CopyTo(bytes.AsSpan(2));
        json.CopyTo(bytes.AsSpan(2 + prefix.Length));
        return SharedMessage.Text(bytes);
    }

    private static SharedMessage Join(in Text text, IoArguments arguments)
    {
        var head = SharedMessage.Text(text.Length, text, static (span, text) => text.Write(span));
        if (arguments.Attachments.Count == 0)
        {
            return head;
        }

        var parts = new SharedMessage[1 + arguments.Attachments.Count];
        parts[0] = head;
        for (var i = 1; i < parts.Length; i++)
        {
            parts[i] = SharedMessage.Binary(arguments.Attachments[i - 1]);
        }

        return SharedMessage.Join(parts);
    }

    /// <summary>The text of an event or an acknowledgement, measured first and then written once, straight into its frame.</summary>
    private readonly struct Text
    {
        private readonly byte[] _prefix;
        private readonly PacketType _type;
        private readonly IoArguments _arguments;
        private readonly string _attachments;
        private readonly string _id;
        private readonly string? _name;
        private readonly byte[]? _encodedName;
        private readonly int _nameBytes;
        private readonly string? _offset;

        public Text(
            byte[] prefix, PacketType type, IoArguments arguments, long? id, string? name, byte[]? encodedName, int nameBytes, string? offset)
        {
            var isBinary = arguments.Attachments.Count > 0;
            _prefix = prefix;
            _type = !isBinary ? type : type == PacketType.Event ? PacketType.BinaryEvent : PacketType.BinaryAck;
            _arguments = arguments;
            _attachments = isBinary ? string.Create(CultureInfo.InvariantCulture, $"{arguments.Attachments.Count}-") : "";
            _id = id?.ToString(CultureInfo.InvariantCulture) ?? "";
            _name = name;
            _encodedName = encodedName;
            _nameBytes = nameBytes;
            _offset = offset;
            var values = arguments.Json.Length;
            var commas = (name is not null && values > 0 ? 1 : 0) + (offset is not null ? 1 : 0);
            Length = 2 + _attachments.Length + prefix.Length + _id.Length + 2 + (name is null ? 0 : nameBytes + 2) + values + commas
                + (offset is null ? 0 : offset.Length + 2);
        }

        public int Length { get; }

        public void Write(Span<byte> target)
        {
            target[0] = EnginePackets.Message;
            target[1] = (byte)('0' + (int)_type);
            var at = 2;
            Put(target, ref at, _attachments);
            Put(target, ref at, _prefix);
            Put(target, ref at, _id);
            target[at++] = (byte)'[';
            if (_name is not null)
            {
                target[at++] = (byte)'"';
                EventNames.Write(_name, _encodedName, target[at..]);
                at += _nameBytes;
                target[at++] = (byte)'"';
            }

            if (_arguments.Json.Length > 0)
            {
                Separate(target, ref at, _name is not null);
                Put(target, ref at, _arguments.Json.Span);
            }

            if (_offset is not null)
            {
                Separate(target, ref at, needed: true);
                target[at++] = (byte)'"';
                Put(target, ref at, _offset);
                target[at++] = (byte)'"';
            }

            target[at] = (byte)']';
        }

        private static void Put(Span<byte> target, ref int at, string ascii) => at += Encoding.ASCII.GetBytes(ascii, target[at..]);

        private static void Put(Span<byte> target, ref int at, ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(target[at..]);
            at += bytes.Length;
        }

        private static void Separate(Span<byte> target, ref int at, bool needed)
        {
            if (needed)
            {
                target[at++] = (byte)',';
            }
        }
    }
}
