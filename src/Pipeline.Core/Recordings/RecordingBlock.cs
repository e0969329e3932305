using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Recordings;

/// <summary>
/// Frames on their way into a recording. Stands for itself: names of connections are written in each block anew, so that a block that
/// is lost takes nothing with it. For one thread.
/// </summary>
internal sealed class RecordingBlock
{
    public const byte Connection = 1;
    public const byte Batch = 2;

    private readonly Dictionary<(string Venue, string Connection), int> _connections = [];
    private readonly ValueList<byte> _bytes = new();
    private long _lastTime;

    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    public int Size => _bytes.Count;

    public int Frames { get; private set; }

    /// <summary>Copies the frames; the batch stays its owner's.</summary>
    public void Append(FrameBatch batch)
    {
        var connection = NumberOf(batch.Source.Venue, batch.Source.Connection);
        _bytes.Add(Batch);
        Write(connection);
        Write(Zigzag(batch.ReceivedTime - _lastTime));
        _lastTime = batch.ReceivedTime;
        Write(batch.Origin.Socket);
        Write(batch.Origin.Series);
        Write(batch.Origin.Legs);
        Write(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            var frame = batch[i];
            Write(frame.Length);
            Write(Math.Max(0, batch.WireSize(i) - frame.Length));
            _bytes.AddRange(frame);
        }

        Frames += batch.Count;
    }

    public void Clear()
    {
        _connections.Clear();
        _bytes.Clear();
        _lastTime = 0;
        Frames = 0;
    }

    private static long Zigzag(long value) => (value << 1) ^ (value >> 63);

    private int NumberOf(string venue, string connection)
    {
        if (!_connections.TryGetValue((venue, connection), out var number))
        {
            number = _connections.Count;
            _connections.Add((venue, connection), number);
            _bytes.Add(Connection);
            Write(venue);
            Write(connection);
        }

        return number;
    }

    private void Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write(bytes.Length);
        _bytes.AddRange(bytes);
    }

    private void Write(long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            _bytes.Add((byte)(rest | 0x80));
            rest >>= 7;
        }

        _bytes.Add((byte)rest);
    }
}
