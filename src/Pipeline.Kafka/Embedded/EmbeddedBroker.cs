using System.Globalization;
using System.Net;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Native;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Embedded;

/// <summary>
/// A Kafka broker inside this process, for local use and tests: memory only, 5 MiB or 100,000 batches a partition, no idempotence, no
/// transactions, no admin requests (README.md). Listens on a fixed port with the topics of the catalogue already there.
/// </summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private readonly MockCluster _cluster;
    private readonly TcpForwarder _forwarder;
    private readonly string _host;

    private EmbeddedBroker(MockCluster cluster, TcpForwarder forwarder, string host)
    {
        _cluster = cluster;
        _forwarder = forwarder;
        _host = host;
    }

    /// <summary>What clients use as <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers => string.Create(CultureInfo.InvariantCulture, $"{_host}:{Port}");

    public int Port => _forwarder.Port;

    /// <summary>Connections that are open now.</summary>
    public int ActiveConnections => _forwarder.ActiveConnections;

    /// <summary>Connections accepted since the start.</summary>
    public long TotalConnections => _forwarder.TotalConnections;

    /// <summary>Bytes from clients to the broker since the start.</summary>
    public long BytesIn => _forwarder.BytesIn;

    /// <summary>Bytes from the broker to clients since the start.</summary>
    public long BytesOut => _forwarder.BytesOut;

    /// <summary>Starts a broker with the topics of these options.</summary>
    /// <exception cref="KafkaClientException">The address is none, or the port is taken.</exception>
    public static EmbeddedBroker Start(EmbeddedBrokerOptions options, KafkaOptions kafka, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!IPAddress.TryParse(options.Address, out var address))
        {
            throw new KafkaClientException($"'{options.Address}' is no IP address to listen on; use 127.0.0.1 or 0.0.0.0.");
        }

        if (options.AdvertisedHost is null && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            throw new KafkaClientException($"Listening on {address}, the embedded broker needs the host name by which clients reach it.");
        }

        var topics = options.OtherPrefixes.Append(kafka.TopicPrefix).Distinct(StringComparer.Ordinal)
            .SelectMany(prefix => TopicCatalog.Of(kafka with { TopicPrefix = prefix }).All).ToList();
        var cluster = new MockCluster(clock);
        TcpForwarder? forwarder = null;
        try
        {
            forwarder = new TcpForwarder(new IPEndPoint(address, options.Port), cluster.EndPoint, options.DrainTimeout, clock);
            var host = options.AdvertisedHost ?? options.Address;
            cluster.Advertise(host, forwarder.Port);
            foreach (var topic in topics)
            {
                cluster.CreateTopic(topic.Name, topic.Partitions);
            }

            forwarder.Up();
            return new EmbeddedBroker(cluster, forwarder, host);
        }
        catch
        {
            forwarder?.Dispose();
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Goes out of reach: no new connection, no further request; answers that are due are delivered first, so that no client takes a
    /// record for lost that is in the log. The log stays.
    /// </summary>
    public Task DownAsync() => _forwarder.DownAsync();

    /// <summary>Can be reached again.</summary>
    public void Up() => _forwarder.Up();

    /// <summary>Takes requests and writes records, but keeps the answers of the connections there are now; for tests.</summary>
    internal void HoldAnswers() => _forwarder.HoldAnswers();

    internal void LetAnswersGo() => _forwarder.LetAnswersGo();

    /// <summary>Refuses the next requests to write with these errors, in this order; for tests.</summary>
    internal void RefuseProduce(params ReadOnlySpan<ErrorCode> errors) => _cluster.RefuseProduce(errors);

    /// <summary>Refuses the next producers that ask for an id with these errors, in this order; for tests.</summary>
    internal void RefuseProducers(params ReadOnlySpan<ErrorCode> errors) => _cluster.RefuseProducers(errors);

    /// <summary>Answers who asks for this topic that he may not see it; for tests.</summary>
    internal void DenyTopic(string name) => _cluster.DenyTopic(name);

    public async ValueTask DisposeAsync()
    {
        await _forwarder.AbortAsync();
        _cluster.Dispose();
    }
}
