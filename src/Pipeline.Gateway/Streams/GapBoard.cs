using System.Text;
using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Gateway.Streams;

/// <summary>Holes that are open, and the newest that are closed. Only for the hub's thread.</summary>
/// <param name="recent">Closed holes that are remembered.</param>
internal sealed class GapBoard(int recent)
{
    // A bound for memory alone: collectors have far fewer.
    private const int MostOpen = 100_000;

    private readonly Dictionary<string, GapRow> _open = new(StringComparer.Ordinal);
    private readonly LinkedList<GapRow> _recent = new();
    private IReadOnlyList<GapRow>? _openRows;
    private IReadOnlyList<GapRow>? _recentRows;

    /// <summary>In no order; a list that never changes, made anew after a change.</summary>
    public IReadOnlyList<GapRow> Open => _openRows ??= [.. _open.Values];

    public int OpenCount => _open.Count;

    /// <summary>Closed ones, newest first; a list that never changes.</summary>
    public IReadOnlyList<GapRow> Recent => _recentRows ??= [.. _recent];

    /// <summary>Records that could not be read.</summary>
    public long Malformed { get; private set; }

    internal void Clear()
    {
        _open.Clear();
        _recent.Clear();
        _openRows = _recentRows = null;
    }

    internal void Take(string instrument, ReadOnlySpan<byte> key, ReadOnlyMemory<byte> value)
    {
        var name = Encoding.UTF8.GetString(key);
        if (Read(name, instrument, value) is not { } gap)
        {
            Malformed++;
            return;
        }

        _openRows = null;
        if (gap.State == GapState.Open)
        {
            if (_open.Count < MostOpen || _open.ContainsKey(name))
            {
                _open[name] = gap;
            }

            return;
        }

        _open.Remove(name);
        _recentRows = null;
        _recent.AddFirst(gap);
        if (_recent.Count > recent)
        {
            _recent.RemoveLast();
        }
    }

    private static GapRow? Read(string key, string instrument, ReadOnlyMemory<byte> value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            var record = json.RootElement;
            return GapStateNames.TryParse(record.GetProperty("state").GetString() ?? "", out var state)
                ? new GapRow(
                    key,
                    instrument,
                    record.GetProperty("fromId").GetInt64(),
                    record.GetProperty("toId").GetInt64(),
                    state,
                    record.GetProperty("reason").GetString() ?? "",
                    record.GetProperty("openedTime").GetInt64(),
                    record.GetProperty("updatedTime").GetInt64(),
                    value)
                : null;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
