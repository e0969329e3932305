using Pipeline.Core.Market;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.State;

/// <summary>
/// What one partition of <c>md.state</c> says: of each key the last record. Records that cannot be read are left out and counted, and
/// so are those of writers that were not owners any more. States are read when they are asked for: who follows a partition that
/// another owns keeps them as they came.
/// </summary>
public sealed class StateTable
{
    private readonly Dictionary<string, StateRecord> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KafkaRecord> _unread = new(StringComparer.Ordinal);
    private readonly LogInstruments _instruments;
    private readonly Action<string> _tellBad;
    private readonly EpochFence _fence = new();

    /// <param name="tellBad">Told of each record that cannot be read, and why.</param>
    public StateTable(int partition, LogInstruments instruments, Action<string> tellBad)
    {
        Partition = partition;
        _instruments = instruments;
        _tellBad = tellBad;
    }

    public int Partition { get; }

    /// <summary>By the instrument's key.</summary>
    public IReadOnlyDictionary<string, StateRecord> States
    {
        get
        {
            ReadAll();
            return _states;
        }
    }

    public CheckpointMarker? Marker { get; private set; }

    public string? LogId { get; private set; }

    /// <summary>Records that could not be read.</summary>
    public long Bad { get; private set; }

    /// <summary>Records of writers that were not owners any more.</summary>
    public long Stale => _fence.Dropped;

    /// <summary>The next record of the partition.</summary>
    public void Note(KafkaRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.KeyText is not { } key || key == StateKeys.Owner || _fence.IsStale(record))
        {
            return;
        }

        if (StateKeys.IsInstrument(key) && record.Value is { Length: > 0 })
        {
            _unread[key] = record;
        }
        else
        {
            Guard(record, key, () => Note(key, record.Value));
        }
    }

    /// <summary>Reads what came since the last time.</summary>
    public void ReadAll()
    {
        foreach (var (key, record) in _unread.ToList())
        {
            Guard(record, key, () => _states[key] = StateRecordReader.Read(record.Value, _instruments.Of));
        }

        _unread.Clear();
    }

    private void Guard(KafkaRecord record, string key, Action read)
    {
        try
        {
            read();
        }
        catch (RecordFormatException error)
        {
            // The record before it does not hold either: it was meant to be replaced.
            Bad++;
            Remove(key);
            _tellBad($"{record.Topic} {record.Partition} offset {record.Offset}, key {key}: {error.Message}");
        }
    }

    private void Note(string key, byte[]? value)
    {
        if (value is not { Length: > 0 })
        {
            Remove(key);
        }
        else if (key == StateKeys.Marker(Partition))
        {
            Marker = MarkerRecordReader.Read(value);
        }
        else if (key == StateKeys.Log)
        {
            LogId = LogRecord.Read(value);
        }
    }

    private void Remove(string key)
    {
        _states.Remove(key);
        _unread.Remove(key);
        Marker = key == StateKeys.Marker(Partition) ? null : Marker;
    }
}
