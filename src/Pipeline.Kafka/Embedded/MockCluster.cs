using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pipeline.Kafka.Native;

namespace Pipeline.Kafka.Embedded;

/// <summary>One broker inside this process, on a port of its own choosing.</summary>
internal sealed class MockCluster : IDisposable
{
    private const int OnlyBroker = 1;
    private const short ProduceRequest = 0;
    private const short ProducerIdRequest = 22;
    private static readonly TimeSpan NudgeInterval = TimeSpan.FromMilliseconds(5);
    private readonly TimeProvider _clock;
    private readonly ClientHandle _client;
    private nint _cluster;

    public MockCluster(TimeProvider clock)
    {
        _clock = clock;
        using var configuration = new ClientConfiguration();
        configuration.DiscardLog();
        _client = ClientHandle.Open(configuration);
        _cluster = MockNative.rd_kafka_mock_cluster_new(_client.DangerousGetHandle(), OnlyBroker);
        if (_cluster == 0)
        {
            _client.Dispose();
            throw new KafkaClientException("The embedded broker cannot be made; most likely the process is short of sockets.");
        }

        EndPoint = IPEndPoint.Parse(Marshal.PtrToStringUTF8(MockNative.rd_kafka_mock_cluster_bootstraps(_cluster))!);

        // A group of one must not wait three seconds for company.
        MockNative.rd_kafka_mock_group_initial_rebalance_delay_ms(_cluster, 0);
    }

    /// <summary>Where the broker listens, on loopback.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Where clients are told to connect to.</summary>
    public void Advertise(string host, int port) => MockNative.rd_kafka_mock_broker_set_host_port(_cluster, OnlyBroker, host, port);

    public void CreateTopic(string name, int partitions)
    {
        using var nudges = StartNudging();
        var error = MockNative.rd_kafka_mock_topic_create(_cluster, name, partitions, 1);
        if (error != ErrorCode.None)
        {
            throw new KafkaClientException($"The embedded broker cannot create {name}: {ErrorCodes.TextOf(error)}.");
        }
    }

    public void RefuseProduce(ReadOnlySpan<ErrorCode> errors) => Refuse(ProduceRequest, errors);

    public void RefuseProducers(ReadOnlySpan<ErrorCode> errors) => Refuse(ProducerIdRequest, errors);

    public void DenyTopic(string name) => MockNative.rd_kafka_mock_topic_set_error(_cluster, name, ErrorCode.TopicDenied);

    public void Dispose()
    {
        if (_cluster != 0)
        {
            using var nudges = StartNudging();
            MockNative.rd_kafka_mock_cluster_destroy(_cluster);
            _cluster = 0;
            _client.Dispose();
        }
    }

    private unsafe void Refuse(short request, ReadOnlySpan<ErrorCode> errors)
    {
        fixed (ErrorCode* codes = errors)
        {
            MockNative.rd_kafka_mock_push_request_errors_array(_cluster, request, (nuint)errors.Length, codes);
        }
    }

    // The cluster's thread can overlook a request that comes while it finishes the one before, and finds it when its poll times out,
    // a second later. A connection wakes it.
    private ITimer StartNudging() => _clock.CreateTimer(_ => Nudge(), null, NudgeInterval, NudgeInterval);

    private void Nudge()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(EndPoint);
        }
        catch (SocketException)
        {
            // It is closing.
        }
    }
}
