using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Fanout;

namespace Pipeline.Gateway.Streams;

/// <summary>
/// Makes data messages, each once for all who get it; the record lies in it byte for byte as in the log.
/// <c>{"type":"data","stream":"…","seq":91,"prev":90,"epoch":"5f…","conflated":0,"snapshot":false,"data":{…}}</c>
/// </summary>
internal sealed class DataFrames
{
    private const int MaxInteger = 20;

    private byte[] _beforeConflated = [];
    private byte[] _buffer = new byte[1024];

    public DataFrames() => SetEpoch("");

    private static ReadOnlySpan<byte> LiveEnd => ",\"snapshot\":false,\"data\":"u8;

    private static ReadOnlySpan<byte> SnapshotEnd => ",\"snapshot\":true,\"data\":"u8;

    /// <summary>Another log: its id goes into every message.</summary>
    public void SetEpoch(string epoch) =>
        _beforeConflated = Encoding.UTF8.GetBytes($",\"epoch\":\"{JsonEncodedText.Encode(epoch, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\",\"conflated\":");

    /// <param name="prev">See <see cref="MarketStream.NoPrev"/>.</param>
    /// <param name="conflated">How many older records this one stands for.</param>
    public SharedMessage Make(MarketStream stream, in HeldRecord record, bool isSnapshot, long conflated = 0)
    {
        var value = record.Value.Span;
        var most = stream.Head.Length + (3 * MaxInteger) + _beforeConflated.Length + value.Length + 64;
        if (_buffer.Length < most)
        {
            _buffer = new byte[most * 2];
        }

        var length = 0;
        Put(stream.Head, ref length);
        Put(record.Offset, ref length);
        if (record.Prev != MarketStream.NoPrev)
        {
            Put(",\"prev\":"u8, ref length);
            if (record.Prev == MarketStream.UnknownPrev)
            {
                Put("null"u8, ref length);
            }
            else
            {
                Put(record.Prev, ref length);
            }
        }

        Put(_beforeConflated, ref length);
        var slot = length;
        Put(conflated, ref length);
        Put(isSnapshot ? SnapshotEnd : LiveEnd, ref length);
        Put(value, ref length);
        Put("}"u8, ref length);

        // The outbox writes into this place how many it has conflated; where a replay stands for several already, that is told instead.
        return conflated == 0 ? SharedMessage.Text(_buffer.AsMemory(0, length), slot) : SharedMessage.Text(_buffer.AsMemory(0, length));
    }

    private void Put(ReadOnlySpan<byte> bytes, ref int length)
    {
        bytes.CopyTo(_buffer.AsSpan(length));
        length += bytes.Length;
    }

    private void Put(long number, ref int length)
    {
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(length), out var digits);
        length += digits;
    }
}
