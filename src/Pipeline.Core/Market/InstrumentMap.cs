using System.Runtime.CompilerServices;

namespace Pipeline.Core.Market;

/// <summary>State per instrument in an array under <see cref="Instrument.Index"/>, made at the first look. For one thread.</summary>
internal sealed class InstrumentMap<T>(Func<Instrument, T> make)
    where T : class
{
    private T?[] _values = [];

    public T this[Instrument instrument]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var index = instrument.Index;
            return (uint)index < (uint)_values.Length && _values[index] is { } value ? value : Make(instrument);
        }
    }

    /// <summary>Those that were made and not removed.</summary>
    public IEnumerable<T> Made => _values.OfType<T>();

    /// <summary>Forgets the state; the next look makes it anew. Null when there was none.</summary>
    public T? Remove(Instrument instrument)
    {
        if (instrument.Index >= _values.Length)
        {
            return null;
        }

        var value = _values[instrument.Index];
        _values[instrument.Index] = null;
        return value;
    }

    private T Make(Instrument instrument)
    {
        if (instrument.Index >= _values.Length)
        {
            Array.Resize(ref _values, Math.Max(instrument.Index + 1, _values.Length * 2));
        }

        return _values[instrument.Index] = make(instrument);
    }
}
