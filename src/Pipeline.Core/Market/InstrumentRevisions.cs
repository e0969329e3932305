namespace Pipeline.Core.Market;

/// <summary>Numbers the states of one venue's instruments: a state is written once, whoever asks again. For one thread.</summary>
/// <param name="known">The newest state of each instrument that was written before.</param>
public sealed class InstrumentRevisions(IEnumerable<InstrumentRecord> known)
{
    private readonly Dictionary<string, InstrumentRecord> _newest = known.ToDictionary(record => record.Info.Id, StringComparer.Ordinal);

    /// <summary>Every instrument of which a state was written, as last written.</summary>
    public IEnumerable<InstrumentInfo> Known => _newest.Values.Select(record => record.Info);

    /// <summary>Whether a state of the instrument was written before.</summary>
    public bool Knows(string id) => _newest.ContainsKey(id);

    /// <summary>The record to write, or null when this state is the newest already.</summary>
    /// <param name="now">Microseconds since the Unix epoch, UTC.</param>
    public InstrumentRecord? Update(InstrumentInfo instrument, long now)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        var aliases = InstrumentNames.AliasesOf(instrument);
        var before = _newest.GetValueOrDefault(instrument.Id);
        if (before is not null && before.Info == instrument && before.Aliases.SequenceEqual(aliases))
        {
            return null;
        }

        return _newest[instrument.Id] = new InstrumentRecord(instrument, aliases, (before?.Revision ?? 0) + 1, now);
    }
}
