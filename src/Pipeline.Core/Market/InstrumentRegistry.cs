namespace Pipeline.Core.Market;

/// <summary>All instruments this process knows, numbered densely in order of registration. Append-only; safe to read from any thread.</summary>
public sealed class InstrumentRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Instrument> _byKey = new(StringComparer.Ordinal);
    private Instrument[] _all = new Instrument[16];
    private int _count;

    /// <summary>Those that are registered now.</summary>
    public IReadOnlyList<Instrument> All
    {
        get
        {
            lock (_gate)
            {
                // What is written later lies behind its end, or in another array.
                return new ArraySegment<Instrument>(_all, 0, _count);
            }
        }
    }

    /// <summary>
    /// Returns the instrument of that venue and id, registering it on first sight. Under another symbol than before it is registered
    /// anew, under a number of its own: whatever is kept of the old one, such as the ids of its trades, does not hold for it.
    /// </summary>
    public Instrument GetOrAdd(string venue, string id, string symbol, SequenceRules? rules = null, Number? contractSize = null)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue($"{venue}:{id}", out var known) && known.Symbol == symbol)
            {
                return known;
            }

            var instrument = new Instrument(_count, venue, id, symbol, rules, contractSize);
            _byKey[instrument.Key] = instrument;
            if (_count == _all.Length)
            {
                Array.Resize(ref _all, _count * 2);
            }

            _all[_count++] = instrument;
            return instrument;
        }
    }

    /// <summary>The instrument is not taken any more: should it be again, it is registered anew, under a number of its own.</summary>
    public void Retire(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        lock (_gate)
        {
            if (_byKey.GetValueOrDefault(instrument.Key) == instrument)
            {
                _byKey.Remove(instrument.Key);
            }
        }
    }
}
