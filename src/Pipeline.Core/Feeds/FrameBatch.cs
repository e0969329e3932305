using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>
/// The frames that arrived together on one connection, in order, in pooled memory.
/// <para>
/// The batch is pushed synchronously. An observer that only looks needs nothing more; it must not keep the bytes. An observer that
/// passes the batch on calls <see cref="Retain"/> first and <see cref="Release"/> when it is done, and one that cannot take it yet
/// says so with <see cref="HoldUntil"/>: the receive loop awaits <see cref="Released"/> before its next read, and that is how back
/// pressure reaches the socket.
/// </para>
/// </summary>
public sealed class FrameBatch
{
    /// <summary>Most frames in a batch.</summary>
    public const int MaxFrames = 256;

    private readonly ValueList<FrameSlice> _frames = new();
    private readonly FrameBatchPool? _pool;
    private FrameSlab? _slab;
    private Task? _hold;
    private int _owners = 1;

    internal FrameBatch(FrameBatchPool? pool) => _pool = pool;

    /// <summary>The connection the frames came over, and how to read them.</summary>
    public FeedSource Source { get; private set; } = FeedSource.None;

    /// <summary>Market-clock time of arrival in microseconds since the Unix epoch, UTC.</summary>
    public long ReceivedTime { get; private set; }

    /// <summary>Over which socket the frames came.</summary>
    public FrameOrigin Origin { get; internal set; }

    public int Count => _frames.Count;

    /// <summary>Payload bytes of all frames.</summary>
    public long Bytes { get; private set; }

    /// <summary>Completes when nobody holds the batch back any more.</summary>
    public Task Released => _hold ?? Task.CompletedTask;

    /// <summary>The payload of frame <paramref name="index"/>; <see cref="FrameSlab.Padding"/> readable bytes follow it in memory.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ref var frame = ref _frames[index];
            return _slab!.Frame(frame.Offset, frame.Length);
        }
    }

    /// <summary>Size on the wire of frame <paramref name="index"/>; more than its length when the rest was too large and discarded.</summary>
    public long WireSize(int index) => _frames[index].WireSize;

    /// <summary>A batch of copied frames, for tests, benchmarks and replay; the caller owns it.</summary>
    public static FrameBatch Of(FeedSource source, long receivedTime, params ReadOnlySpan<byte[]> frames)
    {
        var size = 0;
        foreach (var frame in frames)
        {
            size += frame.Length;
        }

        var slab = FrameSlab.Rent(size);
        var batch = new FrameBatch(null);
        batch.Begin(source, slab, receivedTime);
        var offset = 0;
        foreach (var frame in frames)
        {
            frame.CopyTo(slab.Slice(offset, frame.Length));
            batch.Add(offset, frame.Length, frame.Length);
            offset += frame.Length;
        }

        slab.Release();
        return batch;
    }

    /// <summary>Makes the receive loop wait for <paramref name="room"/>; several holders are waited for together.</summary>
    public void HoldUntil(Task room) => _hold = _hold is null ? room : Task.WhenAll(_hold, room);

    public void Retain() => Interlocked.Increment(ref _owners);

    public void Release()
    {
        if (Interlocked.Decrement(ref _owners) != 0)
        {
            return;
        }

        _slab?.Release();
        _slab = null;
        _hold = null;
        Source = FeedSource.None;
        Origin = default;
        Bytes = 0;
        _frames.Clear();
        _pool?.Return(this);
    }

    /// <summary>Starts an empty batch over <paramref name="slab"/>, which it co-owns from here on; one owner, the caller.</summary>
    internal void Begin(FeedSource source, FrameSlab slab, long receivedTime)
    {
        slab.Retain();
        _slab = slab;
        _owners = 1;
        Source = source;
        ReceivedTime = receivedTime;
    }

    internal void Add(int offset, int length, long wireSize)
    {
        _frames.Add(new FrameSlice(offset, length, wireSize));
        Bytes += length;
    }

    private readonly record struct FrameSlice(int Offset, int Length, long WireSize);
}
