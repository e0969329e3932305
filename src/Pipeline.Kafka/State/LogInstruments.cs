using Pipeline.Core.Market;

namespace Pipeline.Kafka.State;

/// <summary>
/// The instruments that the log tells of, before the venues have said which there are. They stand for themselves and are not those of
/// the process, which is given what became of them by their keys.
/// </summary>
public sealed class LogInstruments
{
    private readonly Dictionary<(string Venue, string Id, string Symbol), Instrument> _made = [];
    private readonly Dictionary<string, Instrument> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InstrumentInfo> _known;
    private readonly Func<string, SequenceRules?> _rulesOf;

    /// <param name="rulesOf">How the ids of a venue's streams hang together; null where the venue is not collected from.</param>
    /// <param name="known">What <c>md.instruments</c> says.</param>
    public LogInstruments(Func<string, SequenceRules?> rulesOf, IEnumerable<InstrumentRecord> known)
    {
        _rulesOf = rulesOf;
        _known = known.ToDictionary(record => $"{record.Info.Venue}:{record.Info.Id}", record => record.Info, StringComparer.Ordinal);
    }

    /// <summary>False where the venue is not collected from: what the log says of it stays as it is.</summary>
    public bool IsCollected(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        return _rulesOf(instrument.Venue) is not null;
    }

    public Instrument Of(string venue, string id, string symbol)
    {
        if (_made.TryGetValue((venue, id, symbol), out var instrument))
        {
            return instrument;
        }

        // Of every instrument that was taken md.instruments spoke before its first trade was written.
        var info = _known.GetValueOrDefault($"{venue}:{id}");
        instrument = new Instrument(0, venue, id, symbol, _rulesOf(venue), info?.Symbol == symbol ? info.ContractSize : null);
        _byKey[instrument.Key] = instrument;
        return _made[(venue, id, symbol)] = instrument;
    }

    /// <summary>The instrument of a record that does not name the venue's symbol.</summary>
    public Instrument Of(string venue, string id) => _byKey.TryGetValue($"{venue}:{id}", out var instrument)
        ? instrument
        : Of(venue, id, _known.GetValueOrDefault($"{venue}:{id}")?.Symbol ?? id);
}
