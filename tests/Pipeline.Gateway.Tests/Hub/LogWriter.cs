using System.Text;
using Confluent.Kafka;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Hub;
using Pipeline.Kafka.Embedded;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.State;
using Pipeline.Kafka.Topics;

namespace Pipeline.Gateway.Tests.Hub;

/// <summary>An embedded broker of its own for one test, and a writer of records in it.</summary>
internal sealed class LogWriter : IAsyncDisposable
{
    private readonly EmbeddedBroker _broker;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly TopicCatalog _catalog;

    private LogWriter(int port)
    {
        Options = new KafkaOptions { Partitions = 3 };
        _broker = EmbeddedBroker.Start(new EmbeddedBrokerOptions { Port = port }, Options, TimeProvider.System);
        Options = Options with { BootstrapServers = _broker.BootstrapServers };
        _catalog = TopicCatalog.Of(Options);
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = _broker.BootstrapServers, LingerMs = 1, Acks = Acks.All })
            .SetLogHandler((_, _) => { })
            .Build();
    }

    public KafkaOptions Options { get; }

    public int Port => _broker.Port;

    public static LogWriter Start(int port = 0) => new(port);

    public Task NameLogAsync(string id) => WriteAsync(_catalog.State.Name, 0, StateKeys.Log, LogRecord.Write(id, 1));

    /// <summary>Writes what lies in a log in memory from an index on.</summary>
    public async Task WriteAsync(MemoryLog log, int from = 0)
    {
        foreach (var (topic, record) in log.All.Skip(from))
        {
            await WriteAsync(NameOf(topic), InstrumentPartitioner.PartitionOf(InstrumentOf(record.KeyText!), Options.Partitions), record.KeyText!, record.Value!, record.Header("epoch"));
        }
    }

    public Task DownAsync() => _broker.DownAsync();

    public void Up() => _broker.Up();

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        await _broker.DisposeAsync();
    }

    private static string InstrumentOf(string key) => string.Join(':', key.Split(':').Take(2));

    private string NameOf(TopicKind topic) => topic switch
    {
        TopicKind.Trades => _catalog.Trades.Name,
        TopicKind.Quotes => _catalog.Quotes.Name,
        TopicKind.Candles => _catalog.Candles.Name,
        TopicKind.Instruments => _catalog.Instruments.Name,
        TopicKind.Health => _catalog.Health.Name,
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };

    private Task WriteAsync(string topic, int partition, string key, byte[] value, string? epoch = "0") => _producer.ProduceAsync(
        new TopicPartition(topic, partition),
        new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(key),
            Value = value,
            Headers = [new Header("epoch", Encoding.UTF8.GetBytes(epoch ?? "0"))],
        });
}
