using System.Text;

namespace Pipeline.Gateway.Streams;

/// <summary>The newest record of <c>md.status</c> of each collector and venue. Only for the hub's thread.</summary>
internal sealed class StatusBoard
{
    // A bound for memory alone: an installation has a few collectors.
    private const int Most = 10_000;

    private readonly SortedDictionary<string, StatusRow> _rows = new(StringComparer.Ordinal);

    public IReadOnlyList<StatusRow> All => [.. _rows.Values];

    internal void Clear() => _rows.Clear();

    internal void Take(ReadOnlySpan<byte> key, long time, ReadOnlyMemory<byte> value)
    {
        var name = Encoding.UTF8.GetString(key);
        if (value.IsEmpty)
        {
            _rows.Remove(name);
        }
        else if (_rows.Count < Most || _rows.ContainsKey(name))
        {
            _rows[name] = new StatusRow(name, time, value);
        }
    }
}
