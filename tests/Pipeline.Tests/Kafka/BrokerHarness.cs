using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Embedded;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka;

/// <summary>An embedded broker of its own for one test, and clients of it.</summary>
internal sealed class BrokerHarness : IAsyncDisposable
{
    public const int Partitions = 4;
    private readonly CancellationTokenSource _limit = new(RealTime.Bound);

    private BrokerHarness()
    {
        Options = new KafkaOptions { Partitions = Partitions };
        Broker = EmbeddedBroker.Start(new EmbeddedBrokerOptions { Port = 0 }, Options, TimeProvider.System);
        Options = Options with { BootstrapServers = Broker.BootstrapServers };
    }

    public static BrokerHarness Start() => new();

    public EmbeddedBroker Broker { get; }

    public KafkaOptions Options { get; }

    public PipelineMetrics Metrics { get; } = new();

    /// <summary>Ends a test that hangs.</summary>
    public CancellationToken Cancellation => _limit.Token;

    public Task<KafkaSink> StartSinkAsync(params (string Name, string Value)[] properties) => KafkaSink.StartAsync(
        Options with { Properties = properties.ToDictionary(property => property.Name, property => property.Value) },
        Metrics,
        TimeProvider.System,
        cancellation: Cancellation);

    /// <summary>Everything in a topic, partition by partition in order.</summary>
    public async Task<List<KafkaRecord>> ReadAllAsync(string topic)
    {
        var records = new List<KafkaRecord>();
        await foreach (var record in new KafkaReader(Options).ReadAsync(new ReadRequest { Topics = [topic] }, Cancellation))
        {
            records.Add(record);
        }

        return [.. records.OrderBy(record => record.Partition).ThenBy(record => record.Offset)];
    }

    public long Metric(string name, string tag = "", string detail = "") => Metrics.Snapshot()
        .Where(sample => sample.Name == name && sample.Tag == tag && sample.Detail == detail)
        .Sum(sample => sample.Value);

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        Metrics.Dispose();
        _limit.Dispose();
    }
}
