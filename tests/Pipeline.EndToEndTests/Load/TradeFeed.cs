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
    public const int Partitions = 4;

    /// <summary>A Monday: a window of every interval begins there.</summary>
    public const long Start = 1_767_571_200_000_000;

    private const long Minute = 60_000_000;
    private const int TradesOfCandle = 8;

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

    /// <param name="length">Of its window, microseconds.</param>
    /// <param name="padding">Spaces between two properties, that make the record larger.</param>
    public void WriteCandle(string instrument, long openTime, string state, string interval = "1m", long length = Minute, int padding = 0) => Write(
        "md.candles", instrument, string.Create(CultureInfo.InvariantCulture, $"binance:{instrument}:{interval}:{openTime}"), string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"venue":"binance","instrument":"{{instrument}}",{{new string(' ', padding)}}"interval":"{{interval}}","openTime":{{openTime}},"closeTime":{{openTime + length}},"open":"1","high":"2","low":"1","close":"2","volume":"3","quoteVolume":"4","takerBuyVolume":"1","trades":2,"firstId":1,"lastId":2,"state":"{{state}}","revision":0,"complete":true,"updates":1,"source":"trades"}"""));

    /// <summary>Writes trades of one instrument at a steady rate.</summary>
    /// <param name="withEach">Writes what else the market does at each of them.</param>
    /// <returns>How many.</returns>
    public async Task<int> WriteSteadilyAsync(int perSecond, TimeSpan time, Action? withEach = null)
    {
        var began = Stopwatch.GetTimestamp();
        var written = 0;
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < time)
        {
            for (; written < elapsed.TotalSeconds * perSecond; written++)
            {
                WriteTrade();
                withEach?.Invoke();
            }

            await Task.Delay(1);
        }

        return written;
    }

    /// <summary>Writes trades of some instruments at a steady rate, and candles of a second: each told once while it forms, and final.</summary>
    /// <param name="perSecond">Trades of each instrument.</param>
    /// <returns>Records of both kinds.</returns>
    public async Task<int> WriteMarketAsync(IReadOnlyList<string> instruments, int perSecond, CancellationToken ending)
    {
        var began = Stopwatch.GetTimestamp();
        var (written, trades) = (0, 0);
        while (!ending.IsCancellationRequested)
        {
            for (var elapsed = Stopwatch.GetElapsedTime(began); trades < elapsed.TotalSeconds * perSecond; trades++)
            {
                foreach (var instrument in instruments)
                {
                    WriteTrade(instrument);
                    written += WriteCandleOf(instrument, trades) ? 2 : 1;
                }
            }

            await Task.Delay(1, CancellationToken.None);
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

    /// <returns>Whether a trade of this number has one.</returns>
    private bool WriteCandleOf(string instrument, int trade)
    {
        var state = (trade % TradesOfCandle) switch
        {
            (TradesOfCandle / 2) - 1 => "forming",
            TradesOfCandle - 1 => "final",
            _ => null,
        };
        if (state is not null)
        {
            WriteCandle(instrument, Start + (trade / TradesOfCandle * 1_000_000L), state, "1s", 1_000_000);
        }

        return state is not null;
    }

    private void Write(string topic, string instrument, string key, string value) => _producer.Produce(
        new TopicPartition(topic, InstrumentPartitioner.PartitionOf($"binance:{instrument}", Partitions)), Message(key, value));
}
