using System.Collections.Concurrent;
using Pipeline.Core.Market;

namespace Pipeline.Core.Restart;

/// <summary>
/// From where the instruments of a process go on. A state is given to the first instrument of its name and to no other: one that is
/// taken again after it was let go of is another instrument, and what the log said at the start is long past. Safe from any thread.
/// </summary>
public sealed class RestoredStates
{
    private readonly ConcurrentDictionary<string, Instrument> _given = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RestoredPartition> _partitions = new(StringComparer.Ordinal);

    public RestoredStates(IEnumerable<RestoredPartition> partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        foreach (var partition in partitions)
        {
            Replace(partition);
        }
    }

    /// <summary>The partition came (again): its states are given once more, to the first instrument of each name from here on.</summary>
    public void Replace(RestoredPartition partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        foreach (var (key, before) in _partitions)
        {
            if (before.Partition == partition.Partition && !partition.States.ContainsKey(key))
            {
                _partitions.TryRemove(key, out _);
            }
        }

        foreach (var key in partition.States.Keys)
        {
            _given.TryRemove(key, out _);
            _partitions[key] = partition;
        }
    }

    /// <summary>Null when the log knows nothing of the instrument.</summary>
    public InstrumentState? StateOf(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        return ReferenceEquals(_given.GetOrAdd(instrument.Key, instrument), instrument) && _partitions.TryGetValue(instrument.Key, out var partition)
            ? partition.StateOf(instrument)
            : null;
    }
}
