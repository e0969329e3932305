using System.Buffers.Binary;
using System.Numerics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Passes price ticks once, by (signature, index), and in order, by (slot, index). A signature is remembered as a 64-bit hash of its
/// bytes: among the few hundred remembered, a tick is taken for a copy by mistake less than once in 10^15.
/// </summary>
internal sealed class TickOrder
{
    /// <summary>Copies follow closely, and there are thousands of mints.</summary>
    private const int Remembered = 256;

    // Some seven minutes of slots. Stragglers are seconds late; what is further behind means that the newest slot was wrong.
    private const long FarBelow = 1_000;

    private readonly RecentIds _seen = new(Remembered, Remembered);
    private SeriesWatch _watch;
    private long _lateSlot = -1;
    private long _slot = long.MinValue;
    private int _index;

    /// <summary><see cref="Verdict.Next"/>, <see cref="Verdict.Duplicate"/>, <see cref="Verdict.Late"/> or <see cref="Verdict.Reset"/>.</summary>
    public Verdict Judge(in PriceTick tick, ReadOnlySpan<byte> signature)
    {
        if (!_seen.TryAdd(Hash(signature, tick.Index), tick.ReceivedTime))
        {
            return Verdict.Duplicate;
        }

        var isLate = tick.Slot < _slot || (tick.Slot == _slot && tick.Index < _index);
        if (isLate && !IsNewSeries(tick.Slot))
        {
            return Verdict.Late;
        }

        _watch = default;
        _lateSlot = -1;
        (_slot, _index) = (tick.Slot, tick.Index);
        return isLate ? Verdict.Reset : Verdict.Next;
    }

    /// <summary>Several ticks of one slot are one sign: slots must rise.</summary>
    private bool IsNewSeries(long slot)
    {
        if (slot == _lateSlot)
        {
            return false;
        }

        _lateSlot = slot;
        return _watch.IsNewSeries(slot, _slot, FarBelow);
    }

    private static long Hash(ReadOnlySpan<byte> signature, int index)
    {
        var hash = Mix((ulong)(uint)index, (ulong)signature.Length);
        for (; signature.Length >= sizeof(ulong); signature = signature[sizeof(ulong)..])
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(signature));
        }

        foreach (var one in signature)
        {
            hash = Mix(hash, one);
        }

        return (long)hash;
    }

    /// <summary>Each bit of both inputs moves about half of the bits that come out.</summary>
    private static ulong Mix(ulong hash, ulong word)
    {
        hash = (BitOperations.RotateLeft(hash, 27) ^ word) * 0x9E3779B97F4A7C15ul;
        hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93ul;
        return hash ^ (hash >> 32);
    }
}
