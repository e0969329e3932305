using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Recordings;

/// <summary>
/// Frames on their way into a recording. Stands for itself: names of connections are written in each block anew, so that a block that
/// is lost takes nothing with it. For one thread.
/// </summary>
public sealed class RecordingBlock
{
    internal const byte Connection = 1;
    internal const byte Batch = 2;

    private readonly Dictionary<(string Venue, string Connection), int> _connections = [];
    private readonly ValueList<byte> _bytes = new();
    private long _lastTime;

    /// <summary>The entries, as <see cref="BlockScanner"/> reads them.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    public int Size => _bytes.Count;

    public int Frames { get; private set; }

    /// <summary>Copies the frames; the batch stays its owner's.</summary>
    public void Append(FrameBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Begin(batch.Source.Venue, batch.Source.Connection, batch.ReceivedTime, batch.Origin, batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            Add(batch[i], batch.WireSize(i));
        }
    }

    /// <summary>Copies a part of recorded frames.</summary>
    /// <param name="from">The first frame.</param>
    /// <param name="count">How many.</param>
    /// <param name="maxFrame">Bytes of a frame that are kept; of a larger one the size is still told (<see cref="RecordedBatch.WireSize"/>).</param>
    public void Append(RecordedBatch batch, int from, int count, int maxFrame)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Begin(batch.Venue, batch.Connection, batch.ReceivedTime, batch.Origin, count);
        for (var i = from; i < from + count; i++)
        {
            var frame = batch[i];
            Add(frame.Length > maxFrame ? frame[..maxFrame] : frame, batch.WireSize(i));
        }
    }

    public void Clear()
    {
        _connections.Clear();
        _bytes.Clear();
        _lastTime = 0;
        Frames = 0;
    }

    private void Begin(string venue, string name, long receivedTime, FrameOrigin origin, int count)
    {
        var connection = NumberOf(venue, name);
        _bytes.Add(Batch);
        Write(connection);
        Write(Zigzag(receivedTime - _lastTime));
        _lastTime = receivedTime;
        Write(origin.Socket);
        Write(origin.Series);
        Write(origin.Legs);
        Write(count);
        Frames += count;
    }

    private void Add(ReadOnlySpan<byte> frame, long wireSize)
    {
        Write(frame.Length);
        Write(Math.Max(0, wireSize - frame.Length));
        _bytes.AddRange(frame);
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
