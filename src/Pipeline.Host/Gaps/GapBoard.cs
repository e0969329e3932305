using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Gaps;

/// <summary>The newest record of each gap, oldest gap first.</summary>
internal sealed class GapBoard
{
    private readonly Dictionary<string, (long Order, GapRow Row)> _gaps = new(StringComparer.Ordinal);

    /// <summary>Values that were no gaps.</summary>
    public long Bad { get; private set; }

    public IEnumerable<GapRow> Rows => _gaps.Values.OrderBy(gap => gap.Row.OpenedTime).ThenBy(gap => gap.Order).Select(gap => gap.Row);

    /// <summary>The gap, or null when the record is none.</summary>
    public GapRow? Add(KafkaRecord record)
    {
        if (record.Value is null)
        {
            return null;
        }

        if (GapRowReader.Read(record.Value, out var row) is not null)
        {
            Bad++;
            return null;
        }

        // Gaps of time have no ids to tell them apart.
        var key = $"{row!.Venue}:{row.Instrument}:{row.FromId}:{(row.IsTime ? row.OpenedTime : 0)}";
        var order = _gaps.TryGetValue(key, out var before) ? before.Order : _gaps.Count;
        _gaps[key] = (order, row);
        return row;
    }
}
