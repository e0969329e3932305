using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Recordings;

/// <summary>Frames that arrived together, as a recording has them. Reused: valid until the next is read.</summary>
public sealed class RecordedBatch
{
    private readonly ValueList<RecordedFrame> _frames = new();
    private readonly ValueList<byte> _payload = new();

    public string Venue { get; private set; } = "";

    public string Connection { get; private set; } = "";

    /// <summary>Arrival, microseconds since the Unix epoch, UTC.</summary>
    public long ReceivedTime { get; private set; }

    public FrameOrigin Origin { get; private set; }

    public int Count => _frames.Count;

    /// <summary>Payload bytes of all frames.</summary>
    public int Bytes => _payload.Count;

    public ReadOnlySpan<byte> this[int index] => _payload.Span.Slice(_frames[index].Offset, _frames[index].Length);

    /// <summary>Size on the wire of frame <paramref name="index"/>; more than its length when the rest was discarded.</summary>
    public long WireSize(int index) => _frames[index].WireSize;

    /// <summary>The same frames as they came from the connection; the caller owns them.</summary>
    public FrameBatch ToFrames(FeedSource source)
    {
        var slab = FrameSlab.Rent(_payload.Count);
        var batch = new FrameBatch(null);
        batch.Begin(source, slab, ReceivedTime);
        batch.Origin = Origin;
        _payload.Span.CopyTo(slab.Slice(0, _payload.Count).Span);
        foreach (ref readonly var frame in _frames.Span)
        {
            batch.Add(frame.Offset, frame.Length, frame.WireSize);
        }

        slab.Release();
        return batch;
    }

    internal void Begin(string venue, string connection, long receivedTime, FrameOrigin origin)
    {
        (Venue, Connection, ReceivedTime, Origin) = (venue, connection, receivedTime, origin);
        _frames.Clear();
        _payload.Clear();
    }

    internal void Add(ReadOnlySpan<byte> frame, long wireSize)
    {
        _frames.Add(new RecordedFrame(_payload.Count, frame.Length, wireSize));
        _payload.AddRange(frame);
    }

    private readonly record struct RecordedFrame(int Offset, int Length, long WireSize);
}
