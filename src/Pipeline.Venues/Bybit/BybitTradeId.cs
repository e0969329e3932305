using System.Buffers.Binary;
using System.Buffers.Text;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// Trade ids as records have them, from Bybit's, which are numbers on spot and UUIDs elsewhere (and may become so on spot).
/// <para>
/// A number of up to 63 bits is itself. A UUID becomes its two halves, read big-endian and joined by exclusive or, without the top bit:
/// the same on every connection and after every restart, so that copies are told apart. Two of a million different trades share a value
/// with a probability of about one in 18 million. Neither form tells order or holes.
/// </para>
/// </summary>
internal static class BybitTradeId
{
    private const int UuidLength = 36;

    public static bool TryRead(ReadOnlySpan<byte> text, out long id)
    {
        if (text.Length != UuidLength)
        {
            return Utf8Parser.TryParse(text, out id, out var digits) && digits == text.Length && text[0] is >= (byte)'0' and <= (byte)'9';
        }

        id = 0;
        if (!Utf8Parser.TryParse(text, out Guid uuid, out var length, 'D') || length != UuidLength)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        id = (BinaryPrimitives.ReadInt64BigEndian(bytes) ^ BinaryPrimitives.ReadInt64BigEndian(bytes[8..])) & long.MaxValue;
        return true;
    }
}
