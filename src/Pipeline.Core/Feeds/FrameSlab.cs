using System.Buffers;

namespace Pipeline.Core.Feeds;

/// <summary>
/// A pooled block of memory into which a connection receives. Batches are slices of it, so several share one slab; it goes back
/// to the pool with its last owner.
/// </summary>
public sealed class FrameSlab
{
    /// <summary>Readable bytes behind every frame: scanners load whole vectors without a bounds check per byte.</summary>
    public const int Padding = 64;

    private readonly byte[] _memory;
    private int _owners = 1;

    private FrameSlab(byte[] memory) => _memory = memory;

    /// <summary>Bytes that frames may use; <see cref="Padding"/> more lie behind them.</summary>
    public int Capacity => _memory.Length - Padding;

    /// <summary>Rents a slab with one owner, the caller.</summary>
    public static FrameSlab Rent(int capacity) => new(ArrayPool<byte>.Shared.Rent(capacity + Padding));

    public Memory<byte> Slice(int offset, int length) => _memory.AsMemory(offset, length);

    public ReadOnlySpan<byte> Frame(int offset, int length) => _memory.AsSpan(offset, length);

    public void Retain() => Interlocked.Increment(ref _owners);

    public void Release()
    {
        if (Interlocked.Decrement(ref _owners) == 0)
        {
            ArrayPool<byte>.Shared.Return(_memory);
        }
    }
}
