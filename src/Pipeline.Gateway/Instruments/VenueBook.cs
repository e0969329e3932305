using Pipeline.Core.Market;

namespace Pipeline.Gateway.Instruments;

/// <summary>The instruments of one venue. Its owner locks it.</summary>
internal sealed class VenueBook(string venue)
{
    private readonly SortedDictionary<string, InstrumentRecord> _byId = new(StringComparer.Ordinal);
    private InstrumentDirectory? _directory;
    private Dictionary<string, List<InstrumentRecord>>? _byFormerName;

    public IEnumerable<InstrumentRecord> All => _byId.Values;

    public InstrumentRecord? Get(string id) => _byId.GetValueOrDefault(id);

    public void Take(InstrumentRecord record)
    {
        if (_byId.TryGetValue(record.Info.Id, out var known) && known.Revision > record.Revision)
        {
            return;
        }

        _byId[record.Info.Id] = record;
        _directory = null;
        _byFormerName = null;
    }

    /// <summary>
    /// What a name stands for. A name that only instruments bear that are gone from the venue stands for the one that goes on for them, where
    /// one does.
    /// </summary>
    public IReadOnlyList<InstrumentRecord> Find(string name)
    {
        _directory ??= new InstrumentDirectory(venue, [.. _byId.Values.Select(record => record.Info)]);
        var found = _directory.Find(name).Select(info => _byId[info.Id]).ToList();
        if (found.Exists(static one => one.Info.Status != InstrumentStatus.Delisted))
        {
            return [.. found.Where(static one => one.Info.Status != InstrumentStatus.Delisted)];
        }

        _byFormerName ??= MakeFormerNames();
        var successors = _byFormerName.GetValueOrDefault(InstrumentNames.Fold(name), []);
        return successors.Count > 0 ? successors : found;
    }

    private Dictionary<string, List<InstrumentRecord>> MakeFormerNames()
    {
        var names = new Dictionary<string, List<InstrumentRecord>>(StringComparer.Ordinal);
        foreach (var record in _byId.Values)
        {
            if (record.Info.Status == InstrumentStatus.Delisted || record.Info.Kind == InstrumentKind.Token)
            {
                continue;
            }

            foreach (var alias in record.Aliases.SelectMany(alias => (string[])[alias, $"{venue}:{alias}"]).Select(InstrumentNames.Fold).Distinct())
            {
                if (!names.TryGetValue(alias, out var bearers))
                {
                    names.Add(alias, bearers = []);
                }

                bearers.Add(record);
            }
        }

        return names;
    }
}
