using System.Buffers.Text;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>
/// Checks records as they are read, without keeping them: per instrument the ids of trades rise by one and those of quotes rise, so
/// that none is doubled or moved, and no trade is lost.
/// </summary>
internal sealed class RisingRecords
{
    private readonly Dictionary<string, long> _trades = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _quotes = new(StringComparer.Ordinal);

    public long Trades { get; private set; }

    public long Quotes { get; private set; }

    public List<string> Faults { get; } = [];

    public long LastTrade(string key) => _trades.GetValueOrDefault(key, -1);

    public void Add(TopicRecord record)
    {
        if (record.Topic.EndsWith(".trades", StringComparison.Ordinal))
        {
            Trades++;
            var id = Read(record, "\"id\":"u8);
            Check(record, _trades, id, _trades.TryGetValue(record.Key, out var last) && id != last + 1);
        }
        else
        {
            Quotes++;
            var id = Read(record, "\"updateId\":"u8);
            Check(record, _quotes, id, _quotes.TryGetValue(record.Key, out var last) && id <= last);
        }
    }

    private static long Read(TopicRecord record, ReadOnlySpan<byte> field)
    {
        var at = record.Value.AsSpan().IndexOf(field);
        Assert.True(Utf8Parser.TryParse(record.Value.AsSpan(at + field.Length), out long id, out _));
        return id;
    }

    private void Check(TopicRecord record, Dictionary<string, long> ids, long id, bool isWrong)
    {
        if (isWrong)
        {
            Faults.Add($"{record.Topic} {record.Key}: {id} after {ids[record.Key]} at {record.Partition}/{record.Offset}");
        }

        ids[record.Key] = id;
    }
}
