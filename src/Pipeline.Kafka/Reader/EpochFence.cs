using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.Reader;

/// <summary>
/// Kafka without transactions cannot refuse a writer that has lost its partition and does not know yet; the readers do: a record is
/// stale when its epoch is below the highest seen before it in its partition. Where no epochs are written, none is. For one thread.
/// </summary>
public sealed class EpochFence
{
    private readonly Dictionary<(string Topic, int Partition), long> _highest = [];

    /// <summary>Records found stale.</summary>
    public long Dropped { get; private set; }

    /// <summary>To be asked once for each record, in the order of each partition. Claims to a partition are above its epochs.</summary>
    public bool IsStale(KafkaRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var epoch = record.Epoch;
        var place = (record.Topic, record.Partition);
        var highest = _highest.GetValueOrDefault(place);
        if (epoch > highest)
        {
            _highest[place] = epoch;
            return false;
        }

        if (epoch == highest || record.KeyText is StateKeys.Owner or StateKeys.Log)
        {
            return false;
        }

        Dropped++;
        return true;
    }
}
