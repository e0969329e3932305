namespace Pipeline.Core.Market;

/// <summary>Numbers the states of one venue's instruments: a state is written once, whoever asks again. For one thread.</summary>
/// <param name="known">The newest state of each instrument that was written before.</param>
public sealed class InstrumentRevisions(IEnumerable<InstrumentRecord> known)
{
    /// <summary>Former names of an instrument that are kept; older ones are forgotten.</summary>
    internal const int MostFormer = 8;

    private readonly Dictionary<string, List<string>> _former = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InstrumentRecord> _newest = known.ToDictionary(record => record.Info.Id, StringComparer.Ordinal);

    /// <summary>Every instrument of which a state was written, as last written.</summary>
    public IEnumerable<InstrumentInfo> Known => _newest.Values.Select(record => record.Info);

    /// <summary>Whether a state of the instrument was written before.</summary>
    public bool Knows(string id) => _newest.ContainsKey(id);

    /// <summary>An instrument goes on under another id: who knows it by its old names finds the new one among its other spellings.</summary>
    public void Rename(string id, string successor)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(successor);
        _former[successor] = [id, .. _newest.TryGetValue(id, out var record) ? FormerOf(record) : []];
    }

    /// <summary>The record to write, or null when this state is the newest already.</summary>
    /// <param name="now">Microseconds since the Unix epoch, UTC.</param>
    public InstrumentRecord? Update(InstrumentInfo instrument, long now)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        var before = _newest.GetValueOrDefault(instrument.Id);
        var aliases = AliasesOf(instrument, before);
        if (before is not null && before.Info == instrument && before.Aliases.SequenceEqual(aliases))
        {
            return null;
        }

        return _newest[instrument.Id] = new InstrumentRecord(instrument, aliases, (before?.Revision ?? 0) + 1, now);
    }

    /// <summary>Names it had, and has no more.</summary>
    private static IEnumerable<string> FormerOf(InstrumentRecord record) => record.Aliases.Except(InstrumentNames.AliasesOf(record.Info));

    private List<string> AliasesOf(InstrumentInfo instrument, InstrumentRecord? before)
    {
        var present = InstrumentNames.AliasesOf(instrument);
        List<string> former = [.. _former.GetValueOrDefault(instrument.Id, [])];
        if (before is not null)
        {
            former.AddRange([before.Info.Symbol, .. FormerOf(before)]);
        }

        return [.. present, .. former.Except(present).Where(name => name != instrument.Id).Take(MostFormer)];
    }
}
