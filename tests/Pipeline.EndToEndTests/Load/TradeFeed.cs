using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.State;

namespace Pipeline.EndToEndTests.Load;

/// <summary>Writes records as a collector does, at a steady rate or all at once; each trade says when it was handed to the Kafka client.</summary>
internal sealed class TradeFeed : IDisposable
{
    private const int Partitions = 4;

    private readonly IProducer<byte[], byte[]> _producer;
    private long _tradeId;

    public TradeFeed(string bootstrapServers) => _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
    {
        BootstrapServers = bootstrapServers,
        LingerMs = 1,
        Acks = Acks.All,
    }).Build();

    /// <summary>Microseconds since the Unix epoch.</summary>
    public static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Gives the log its id, for which a gateway waits.</summary>
    public Task NameLogAsync(string id) => _producer.ProduceAsync(
        new TopicPartition("md.state", 0), Message(StateKeys.Log, Encoding.UTF8.GetString(LogRecord.Write(id, Now))));

    public void WriteTrade(string instrument = "BTC-USDT") => Write("md.trades", instrument, $"binance:{instrument}", string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"venue":"binance","instrument":"{{instrument}}","symbol":"X","id":{{++_tradeId}},"price":"91234.56","quantity":"0.0015","side":"sell","eventTime":{{Now}},"receivedTime":{{Now}},"source":"live"}"""));

    public void WriteCandle(string instrument, long openTime, string state) => Write(
        "md.candles", instrument, string.Create(CultureInfo.InvariantCulture, $"binance:{instrument}:1m:{openTime}"), string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"venue":"binance","instrument":"{{instrument}}","interval":"1m","openTime":{{openTime}},"closeTime":{{openTime + 60_000_000}},"open":"1","high":"2","low":"1","close":"2","volume":"3","quoteVolume":"4","takerBuyVolume":"1","trades":2,"firstId":1,"lastId":2,"state":"{{state}}","revision":0,"complete":true,"updates":1,"source":"trades"}"""));

    /// <summary>Writes trades of one instrument at a steady rate.</summary>
    /// <returns>How many.</returns>
    public async Task<int> WriteSteadilyAsync(int perSecond, TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        var written = 0;
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < time)
        {
            for (; written < elapsed.TotalSeconds * perSecond; written++)
            {
                WriteTrade();
            }

            await Task.Delay(1);
        }

        return written;
    }

    /// <summary>Until everything is acknowledged.</summary>
    public void Flush() => _producer.Flush(TimeSpan.FromSeconds(30));

    public void Dispose() => _producer.Dispose();

    private static Message<byte[], byte[]> Message(string key, string value) => new()
    {
        Key = Encoding.UTF8.GetBytes(key),
        Value = Encoding.UTF8.GetBytes(value),
        Headers = [new Header("epoch", "0"u8.ToArray())],
    };

    private void Write(string topic, string instrument, string key, string value) => _producer.Produce(
        new TopicPartition(topic, InstrumentPartitioner.PartitionOf($"binance:{instrument}", Partitions)), Message(key, value));
}
