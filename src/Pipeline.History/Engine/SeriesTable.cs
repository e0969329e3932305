using System.Collections.Concurrent;
using Pipeline.Core.Market;
using Pipeline.History.Rows;

namespace Pipeline.History.Engine;

/// <summary>Every series of the file, in memory. The writer's thread changes it; any thread may look.</summary>
internal sealed class SeriesTable
{
    private readonly ConcurrentDictionary<SeriesKey, SeriesRow> _rows = new();
    private long _lastId;

    public int Count => _rows.Count;

    public IEnumerable<SeriesRow> All => _rows.Values;

    /// <summary>Reads all of it.</summary>
    public static SeriesTable Load(Database database)
    {
        var table = new SeriesTable();
        using var statement = new Statement(database, "SELECT series, venue, instrument, interval, candles, oldest, newest FROM series");
        while (statement.Step())
        {
            var id = statement.Integer(0);
            table._lastId = Math.Max(table._lastId, id);

            // An interval that this program does not have any more: its candles stay, nobody asks for them.
            if (CandleInterval.TryParse(statement.Text(3), out var interval))
            {
                var key = new SeriesKey(statement.Text(1), statement.Text(2), interval);
                var candles = statement.Integer(4);
                table._rows[key] = candles == 0 ? SeriesRow.Empty(id, key) : new SeriesRow(id, key, candles, statement.Integer(5), statement.Integer(6));
            }
        }

        return table;
    }

    public SeriesRow? Find(in SeriesKey key) => _rows.GetValueOrDefault(key);

    /// <summary>The number that a series after those known and <paramref name="others"/> new ones gets.</summary>
    public long NextId(int others) => _lastId + 1 + others;

    /// <summary>What was committed.</summary>
    public void Apply(IEnumerable<SeriesRow> rows)
    {
        foreach (var row in rows)
        {
            _rows[row.Key] = row;
            _lastId = Math.Max(_lastId, row.Id);
        }
    }
}
