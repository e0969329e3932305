using System.Globalization;
using System.Text;
using Pipeline.Gateway.Hub;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.Tests.Hub;

/// <summary>A log in memory with records as the collector writes them. For one thread.</summary>
internal sealed class MemoryLog(string id = "log-1", int partitions = 4)
{
    private readonly Dictionary<(TopicKind Topic, int Partition), List<KafkaRecord>> _records = [];

    public string Id => id;

    public int Partitions => partitions;

    /// <summary>Every record in the order in which it was written.</summary>
    public List<(TopicKind Topic, KafkaRecord Record)> All { get; } = [];

    public long Now { get; set; }

    public int PartitionOf(string instrument) => InstrumentPartitioner.PartitionOf(instrument, partitions);

    public LogBeginning Beginning(int window = 10_000)
    {
        var all = new List<PartitionBeginning>();
        foreach (var topic in Enum.GetValues<TopicKind>().Where(topic => topic != TopicKind.State))
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                var end = _records.TryGetValue((topic, partition), out var records) ? records.Count : 0;
                var isWhole = topic is TopicKind.Gaps or TopicKind.Health or TopicKind.Instruments or TopicKind.Status;
                all.Add(new PartitionBeginning(topic, partition, 0, isWhole ? 0 : Math.Max(0, end - window), end));
            }
        }

        return new LogBeginning(id, all);
    }

    public KafkaRecord Write(TopicKind topic, string instrument, string key, string value, long epoch = 0)
    {
        var place = (topic, PartitionOf(instrument));
        if (!_records.TryGetValue(place, out var records))
        {
            _records.Add(place, records = []);
        }

        // Offsets have holes, as after compaction.
        var record = new KafkaRecord(
            topic.ToString(),
            place.Item2,
            records.Count,
            Now,
            Encoding.UTF8.GetBytes(key),
            Encoding.UTF8.GetBytes(value),
            [new KeyValuePair<string, byte[]?>("epoch", Encoding.UTF8.GetBytes(epoch.ToString(CultureInfo.InvariantCulture)))]);
        records.Add(record);
        All.Add((topic, record));
        return record;
    }

    public KafkaRecord Trade(string instrument, long tradeId) => Write(TopicKind.Trades, instrument, instrument, $$"""
        {{Name(instrument)}},"symbol":"X","id":{{tradeId}},"price":"1.5","quantity":"2","side":"buy","eventTime":{{Now}},"receivedTime":{{Now}},"source":"live"}
        """);

    public KafkaRecord Quote(string instrument, long updateId, bool minor = false) => Write(TopicKind.Quotes, instrument, instrument, $$"""
        {{Name(instrument)}},"symbol":"X","updateId":{{updateId}},"bid":"1","bidQuantity":"2","ask":"3","askQuantity":"4"{{(minor ? ",\"minor\":true" : "")}},"eventTime":{{Now}},"receivedTime":{{Now}}}
        """);

    public KafkaRecord Book(string instrument, long updateId, string kind) => Write(TopicKind.Books, instrument, instrument, $$"""
        {{Name(instrument)}},"symbol":"X","kind":"{{kind}}","updateId":{{updateId}},"prev":{{updateId - 1}},"bids":[["1","2"]],"asks":[],"eventTime":{{Now}},"receivedTime":{{Now}}}
        """);

    public KafkaRecord Candle(string instrument, string interval, long openTime, string state, int revision = 0) => Write(
        TopicKind.Candles, instrument, $"{instrument}:{interval}:{openTime}", $$"""
        {{Name(instrument)}},"interval":"{{interval}}","openTime":{{openTime}},"closeTime":{{openTime + 60_000_000}},"open":"1","high":"2","low":"1","close":"2","volume":"3","quoteVolume":"4","takerBuyVolume":"1","trades":2,"firstId":1,"lastId":2,"state":"{{state}}","revision":{{revision}},"complete":true,"updates":1,"source":"trades"}
        """);

    public KafkaRecord Health(string instrument, string dataType, string state, string reason = "silent") => Write(
        TopicKind.Health, instrument, $"{instrument}:{dataType}", $$"""
        {{Name(instrument)}},"symbol":"X","dataType":"{{dataType}}","state":"{{state}}","reason":"{{reason}}","connection":null,"since":{{Now}},"lastEventTime":{{Now}},"lastReceivedTime":null,"outage":null}
        """);

    public KafkaRecord Gap(string instrument, long fromId, string state) => Write(
        TopicKind.Gaps, instrument, $"{instrument}:{fromId}", $$"""
        {{Name(instrument)}},"symbol":"X","fromId":{{fromId}},"toId":{{fromId + 5}},"state":"{{state}}","reason":"disconnected","missing":[],"series":0,"fromTime":1,"toTime":2,"openedTime":{{Now}},"updatedTime":{{Now}},"announced":true,"tradesOffset":null}
        """);

    public KafkaRecord Instrument(string venue, string name, string symbol, string kind = "spot", string status = "trading", string aliases = "[]", int revision = 1)
    {
        var parts = name.Split('-');
        return Write(TopicKind.Instruments, $"{venue}:{name}", $"{venue}:{name}", $$"""
            {"venue":"{{venue}}","instrument":"{{name}}","symbol":"{{symbol}}","kind":"{{kind}}","base":"{{parts[0]}}","quote":"{{parts[1]}}","priceStep":"0.01","quantityStep":null,"contractSize":null,"status":"{{status}}","aliases":{{aliases}},"revision":{{revision}},"updatedTime":{{Now}}}
            """);
    }

    public KafkaRecord Status(string collector, string venue) => Write(TopicKind.Status, collector, $"{collector}:{venue}", $$"""{"collector":"{{collector}}","venue":"{{venue}}"}""");

    private static string Name(string instrument)
    {
        var colon = instrument.IndexOf(':', StringComparison.Ordinal);
        return $$"""{"venue":"{{instrument[..colon]}}","instrument":"{{instrument[(colon + 1)..]}}" """.TrimEnd();
    }
}
