using System.Runtime.CompilerServices;

namespace Pipeline.Core.Market;

/// <summary>
/// A growing array whose elements are reached by reference: large structs are read and changed in place, and clearing keeps the
/// memory, up to a bound, for the next use.
/// </summary>
public sealed class ValueList<T>
{
    // A burst must not pin its memory for ever: a list that grew beyond this many elements starts afresh.
    private const int KeepAtMost = 8192;

    private T[] _items = [];

    public int Count { get; private set; }

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            return ref _items[index];
        }
    }

    public ReadOnlySpan<T> Span => _items.AsSpan(0, Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in T item)
    {
        if (Count == _items.Length)
        {
            Grow(Count + 1);
        }

        _items[Count++] = item;
    }

    public void AddRange(ReadOnlySpan<T> items)
    {
        if (Count + items.Length > _items.Length)
        {
            Grow(Count + items.Length);
        }

        items.CopyTo(_items.AsSpan(Count));
        Count += items.Length;
    }

    /// <summary>Cuts the list back to its first <paramref name="count"/> elements.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count);
        Forget(count);
        Count = count;
    }

    public void Clear()
    {
        if (_items.Length > KeepAtMost)
        {
            _items = [];
        }
        else
        {
            Forget(0);
        }

        Count = 0;
    }

    /// <summary>
    /// Lets objects go that a waiting list would keep alive: a checkpoint in each batch of a pool was most of a collector's heap. Structs cost
    /// the hot path nothing: what they refer to lives as long as the process.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Forget(int from)
    {
        if (!typeof(T).IsValueType)
        {
            Array.Clear(_items, from, Count - from);
        }
    }

    private void Grow(int needed) => Array.Resize(ref _items, Math.Max(needed, Math.Max(16, _items.Length * 2)));
}
