using System.Buffers.Text;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>Checks trades as they are read, without keeping them: per instrument ids rise by one, so none is lost, moved or doubled.</summary>
internal sealed class ContiguousTrades
{
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    public long Count { get; private set; }

    public List<string> Faults { get; } = [];

    public long Last(string key) => _last.GetValueOrDefault(key, -1);

    public void Add(TopicRecord trade)
    {
        var at = trade.Value.AsSpan().IndexOf("\"id\":"u8);
        Assert.True(Utf8Parser.TryParse(trade.Value.AsSpan(at + 5), out long id, out _));
        Count++;
        if (_last.TryGetValue(trade.Key, out var last) && id != last + 1)
        {
            Faults.Add($"{trade.Key}: {id} after {last} at {trade.Partition}/{trade.Offset}");
        }

        _last[trade.Key] = id;
    }
}
