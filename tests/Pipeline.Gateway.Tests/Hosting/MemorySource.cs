using System.Collections.Concurrent;
using System.Text;
using Pipeline.Gateway.Hub;
using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.Tests.Hosting;

/// <summary>A log in memory, of one partition a topic.</summary>
internal sealed class MemorySource : IRecordSource
{
    private readonly BlockingCollection<Action<IRecordTarget, CancellationToken>> _actions = [];
    private readonly Dictionary<TopicKind, long> _ends = [];

    /// <summary>What the broker says; null = nothing.</summary>
    public IReadOnlyDictionary<(TopicKind Topic, int Partition), long>? Ends { get; set; }

    public IReadOnlyDictionary<(TopicKind Topic, int Partition), long>? ReadEnds() => Ends;

    public void Read(IRecordTarget target, CancellationToken cancellation)
    {
        foreach (var action in _actions.GetConsumingEnumerable(cancellation))
        {
            action(target, cancellation);
        }
    }

    /// <summary>A log begins, without a record.</summary>
    public void Begin(string logId = "log-1", long end = 0)
    {
        _ends.Clear();
        var partitions = Enum.GetValues<TopicKind>().Where(topic => topic != TopicKind.State)
            .Select(topic => new PartitionBeginning(topic, 0, 0, 0, end)).ToList();
        _actions.Add((target, cancellation) =>
        {
            target.Report(true);
            target.Begin(new LogBeginning(logId, partitions), cancellation);
        });
    }

    public void Reached(long offset) => _actions.Add((target, cancellation) =>
    {
        foreach (var topic in Enum.GetValues<TopicKind>())
        {
            target.Reached(topic, 0, offset, cancellation);
        }
    });

    /// <param name="timestamp">Of production, microseconds since the Unix epoch.</param>
    public void Add(TopicKind topic, string key, string json, long timestamp)
    {
        var offset = _ends.GetValueOrDefault(topic);
        _ends[topic] = offset + 1;
        var record = new KafkaRecord(
            $"md.{topic.ToString().ToLowerInvariant()}", 0, offset, timestamp, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(json), []);
        _actions.Add((target, cancellation) => target.Add(topic, record, cancellation));
    }

    /// <param name="padding">Characters that make the record larger.</param>
    public void AddTrade(long id, long timestamp, int padding = 0) => Add(
        TopicKind.Trades,
        "binance:BTC-USDT",
        $$"""{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","id":{{id}},"price":"91234.56","quantity":"0.0015","side":"sell","eventTime":{{timestamp}},"receivedTime":{{timestamp}},"source":"live","pad":"{{new string('x', padding)}}"}""",
        timestamp);

    public void AddInstrument(string venue, string id, string symbol)
    {
        var parts = id.Split('-');
        Add(
            TopicKind.Instruments,
            $"{venue}:{id}",
            $$"""{"venue":"{{venue}}","instrument":"{{id}}","symbol":"{{symbol}}","kind":"{{(parts.Length > 2 ? "perpetual" : "spot")}}","base":"{{parts[0]}}","quote":"{{parts[1]}}","priceStep":"0.01","quantityStep":"0.001","contractSize":null,"status":"trading","aliases":[],"revision":1,"updatedTime":1767571200000000}""",
            1_767_571_200_000_000);
    }

    public void AddHealth(string key, string state, string reason, long since)
    {
        var parts = key.Split(':', 3);
        Add(
            TopicKind.Health,
            key,
            $$"""{"venue":"{{parts[0]}}","instrument":"{{parts[1]}}","symbol":"X","dataType":"{{parts[2]}}","state":"{{state}}","reason":"{{reason}}","connection":null,"since":{{since}},"lastEventTime":null,"lastReceivedTime":null,"outage":null}""",
            since);
    }

    public void AddGap(long fromId, string state, long time) => Add(
        TopicKind.Gaps,
        $"binance:BTC-USDT:{fromId}",
        $$"""{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","fromId":{{fromId}},"toId":{{fromId + 9}},"state":"{{state}}","reason":"stream","missing":[],"series":0,"fromTime":0,"toTime":0,"openedTime":{{time}},"updatedTime":{{time}},"announced":true,"tradesOffset":null}""",
        time);

    public void AddStatus(string collector, string venue, string state, long time) => Add(
        TopicKind.Status, $"{collector}:{venue}", $$"""{"collector":"{{collector}}","venue":"{{venue}}","time":{{time}},"state":"{{state}}"}""", time);
}
