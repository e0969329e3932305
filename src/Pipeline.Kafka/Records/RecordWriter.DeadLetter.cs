using System.Buffers.Text;
using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxHead = 256;
    private const int MaxReason = 128;
    private const int MaxConnection = 256;
    private const int DeadLetterFraming = 256 + (2 * Utf8Writer.MaxInteger);

    // A dead letter may be a megabyte; the buffer that held it is not kept.
    private const int KeepAtMost = 64 * 1024;

    /// <summary>Values of <c>md.deadletter</c>: the reason, the frame's first bytes as text and the whole of it as base64.</summary>
    /// <param name="letter">Reason and origin.</param>
    /// <param name="frame">The bytes that are left of the frame.</param>
    /// <param name="maxLength">Length of the value that must not be passed; the frame is cut to keep it, and marked as truncated.</param>
    public ReadOnlySpan<byte> Write(in DeadLetter letter, ReadOnlySpan<byte> frame, int maxLength)
    {
        var head = frame[..Math.Min(frame.Length, MaxHead)];
        var framing = DeadLetterFraming + (Utf8Writer.MaxEscape * (head.Length + TextSize(letter)));
        var kept = frame[..Math.Min(frame.Length, Base64.GetMaxDecodedFromUtf8Length(Math.Max(0, maxLength - framing) & ~3))];
        var json = new Utf8Writer(Room(framing + Base64.GetMaxEncodedToUtf8Length(kept.Length)));
        json.Raw("{\"venue\":\""u8);
        json.Escaped(letter.Venue);
        json.Raw("\",\"connection\":\""u8);
        json.Escaped(Cut(letter.Connection, MaxConnection));
        json.Raw("\",\"reason\":\""u8);
        json.Escaped(Cut(letter.Reason, MaxReason));
        json.Raw("\",\"receivedTime\":"u8);
        json.Integer(letter.ReceivedTime);
        json.Raw(",\"size\":"u8);
        json.Integer(letter.Size);
        json.Raw(kept.Length < letter.Size ? ",\"truncated\":true,\"head\":\""u8 : ",\"truncated\":false,\"head\":\""u8);
        json.Escaped(head);
        json.Raw("\",\"frame\":\""u8);
        json.Base64(kept);
        json.Raw("\"}"u8);
        return json.Written;
    }

    /// <summary>Lets go of an unusually large buffer; what was returned last is void then.</summary>
    public void Trim()
    {
        if (_buffer.Length > KeepAtMost)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(FirstSize);
        }
    }

    private static int TextSize(in DeadLetter letter) =>
        Encoding.UTF8.GetMaxByteCount(
            letter.Venue.Length + Math.Min(letter.Connection.Length, MaxConnection) + Math.Min(letter.Reason.Length, MaxReason));

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
