using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>
/// Finds the instrument behind a venue's symbol from its raw UTF-8 bytes, without making a string. Read from any thread without a lock;
/// writers take turns.
/// </summary>
public sealed class SymbolTable
{
    /// <summary>Most symbols that are added because they were met, unless another bound is given.</summary>
    public const int MostDiscovered = 10_000;

    private readonly Lock _writing = new();
    private readonly Func<string, Instrument>? _register;
    private readonly int _mostDiscovered;
    private readonly Action? _filled;
    private volatile Entry?[] _slots = new Entry?[16];
    private volatile Instrument[] _instruments = new Instrument[4];
    private volatile int _count;
    private volatile bool _isFull;
    private int _discovered;

    /// <param name="register">
    /// Makes the instrument of a symbol that is met for the first time, through the <see cref="InstrumentRegistry"/>, so that its index
    /// is dense; null = symbols are only added by <see cref="Add"/>.
    /// </param>
    /// <param name="mostDiscovered">So many symbols are added that way; later ones stay unknown.</param>
    /// <param name="filled">Told once, when the first symbol is not added because there are as many; must be quick.</param>
    public SymbolTable(Func<string, Instrument>? register = null, int mostDiscovered = MostDiscovered, Action? filled = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostDiscovered);
        _register = register;
        _mostDiscovered = mostDiscovered;
        _filled = filled;
    }

    /// <summary>Whether a symbol was met that could not be added, because as many as may be were discovered before.</summary>
    public bool IsFull => _isFull;

    /// <summary>Symbol numbers handed out so far: 0 to <c>Count - 1</c>.</summary>
    public int Count => _count;

    public Instrument this[int symbol]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)symbol, (uint)_count, nameof(symbol));
            return _instruments[symbol];
        }
    }

    /// <summary>
    /// Adds a symbol; adding the same one again changes nothing. One that was another instrument's leads to this one from now on; batches
    /// on their way still find the other under its number.
    /// </summary>
    public void Add(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        var symbol = Encoding.UTF8.GetBytes(instrument.Symbol);
        lock (_writing)
        {
            var number = Find(symbol);
            if (number < 0)
            {
                Insert(symbol, instrument);
            }
            else if (_instruments[number].Index != instrument.Index || _instruments[number].Key != instrument.Key)
            {
                Replace(symbol, Append(instrument));
            }
        }
    }

    /// <summary>
    /// Number of the symbol, which is added when it is new and this table discovers; -1 when it is not known and cannot be added.
    /// </summary>
    public int FindOrDiscover(ReadOnlySpan<byte> symbol)
    {
        var number = Find(symbol);
        return number >= 0 || _register is null ? number : Discover(symbol);
    }

    /// <summary>Number of the symbol, or -1 when it is not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> symbol)
    {
        var slots = _slots;
        var slot = Hash(symbol) & (uint)(slots.Length - 1);
        while (true)
        {
            var entry = Volatile.Read(ref slots[slot]);
            if (entry is null)
            {
                return -1;
            }

            if (ShortText.AreEqual(symbol, entry.Symbol))
            {
                return entry.Number;
            }

            slot = (slot + 1) & (uint)(slots.Length - 1);
        }
    }

    private int Discover(ReadOnlySpan<byte> symbol)
    {
        lock (_writing)
        {
            if (Find(symbol) is var known and >= 0)
            {
                return known;
            }

            if (_discovered >= _mostDiscovered)
            {
                if (!_isFull)
                {
                    _isFull = true;
                    _filled?.Invoke();
                }

                return -1;
            }

            var instrument = _register!(Encoding.UTF8.GetString(symbol));
            _discovered++;
            return Insert(symbol.ToArray(), instrument);
        }
    }

    /// <summary>The instrument is in place before the entry that points to it: a reader that finds a number finds its instrument.</summary>
    private int Insert(byte[] symbol, Instrument instrument)
    {
        var number = Append(instrument);

        // At most a quarter of the slots is taken: probes stay short, and a reader always comes to an empty slot.
        if (_slots.Length < _count * 4)
        {
            var slots = new Entry?[_slots.Length * 2];
            foreach (var entry in _slots)
            {
                if (entry is not null)
                {
                    Place(slots, entry);
                }
            }

            _slots = slots;
        }

        Place(_slots, new Entry(symbol, number));
        return number;
    }

    private int Append(Instrument instrument)
    {
        var number = _count;
        if (number == _instruments.Length)
        {
            var more = new Instrument[number * 2];
            _instruments.CopyTo(more, 0);
            _instruments = more;
        }

        _instruments[number] = instrument;
        _count = number + 1;
        return number;
    }

    /// <summary>Gives the entry of a symbol that is there another number.</summary>
    private void Replace(byte[] symbol, int number)
    {
        var slot = Hash(symbol) & (uint)(_slots.Length - 1);
        while (!ShortText.AreEqual(symbol, _slots[slot]!.Symbol))
        {
            slot = (slot + 1) & (uint)(_slots.Length - 1);
        }

        Volatile.Write(ref _slots[slot], new Entry(symbol, number));
    }

    private static void Place(Entry?[] slots, Entry entry)
    {
        var slot = Hash(entry.Symbol) & (uint)(slots.Length - 1);
        while (slots[slot] is not null)
        {
            slot = (slot + 1) & (uint)(slots.Length - 1);
        }

        Volatile.Write(ref slots[slot], entry);
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
        else if (symbol.Length >= 4)
        {
            ref var first = ref MemoryMarshal.GetReference(symbol);
            hash = (Unsafe.ReadUnaligned<uint>(ref first) * 0x9E3779B97F4A7C15ul)
                ^ (Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, symbol.Length - 4)) * 0xC2B2AE3D27D4EB4Ful);
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
