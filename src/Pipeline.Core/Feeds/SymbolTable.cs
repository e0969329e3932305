using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>
/// Finds the instrument behind a venue's symbol from its raw UTF-8 bytes, without making a string. Written rarely and by one
/// thread, read from any thread without a lock: each change publishes a new table.
/// </summary>
public sealed class SymbolTable
{
    private volatile Entry?[] _slots = new Entry?[16];
    private volatile Instrument[] _instruments = [];

    /// <summary>Symbol numbers handed out so far: 0 to <c>Count - 1</c>.</summary>
    public int Count => _instruments.Length;

    public Instrument this[int symbol] => _instruments[symbol];

    /// <summary>Adds a symbol; adding the same one again changes nothing.</summary>
    public void Add(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        var bytes = Encoding.UTF8.GetBytes(instrument.Symbol);
        if (Find(bytes) >= 0)
        {
            return;
        }

        Instrument[] instruments = [.. _instruments, instrument];
        var slots = new Entry?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, instruments.Length * 4))];
        for (var i = 0; i < instruments.Length; i++)
        {
            var symbol = Encoding.UTF8.GetBytes(instruments[i].Symbol);
            var slot = Hash(symbol) & (uint)(slots.Length - 1);
            while (slots[slot] is not null)
            {
                slot = (slot + 1) & (uint)(slots.Length - 1);
            }

            slots[slot] = new Entry(symbol, i);
        }

        // The array is published before the slots that point into it: a reader that finds a number finds its instrument.
        _instruments = instruments;
        _slots = slots;
    }

    /// <summary>Number of the symbol, or -1 when it is not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> symbol)
    {
        var slots = _slots;
        var slot = Hash(symbol) & (uint)(slots.Length - 1);
        while (true)
        {
            var entry = slots[slot];
            if (entry is null)
            {
                return -1;
            }

            if (symbol.SequenceEqual(entry.Symbol))
            {
                return entry.Number;
            }

            slot = (slot + 1) & (uint)(slots.Length - 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ReadOnlySpan<byte> symbol)
    {
        ulong hash;
        if (symbol.Length >= 8)
        {
            ref var first = ref MemoryMarshal.GetReference(symbol);
            hash = (Unsafe.ReadUnaligned<ulong>(ref first) * 0x9E3779B97F4A7C15ul)
                ^ (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, symbol.Length - 8)) * 0xC2B2AE3D27D4EB4Ful);
        }
        else
        {
            hash = (ulong)symbol.Length;
            foreach (var c in symbol)
            {
                hash = (hash * 31) + c;
            }

            hash *= 0x9E3779B97F4A7C15ul;
        }

        return (uint)(hash >> 32);
    }

    private sealed record Entry(byte[] Symbol, int Number);
}
