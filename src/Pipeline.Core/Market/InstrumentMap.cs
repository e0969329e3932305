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

    private T Make(Instrument instrument)
    {
        if (instrument.Index >= _values.Length)
        {
            Array.Resize(ref _values, Math.Max(instrument.Index + 1, _values.Length * 2));
        }

        return _values[instrument.Index] = make(instrument);
    }
}
