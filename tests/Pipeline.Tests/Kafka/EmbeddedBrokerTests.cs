using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pipeline.Core.Topology;
using Pipeline.Kafka;
using Pipeline.Kafka.Embedded;
using Pipeline.Kafka.Reader;

namespace Pipeline.Tests.Kafka;

public sealed class EmbeddedBrokerTests
{
    private static readonly KafkaOptions Kafka = new() { Partitions = 2 };

    [Fact]
    public async Task Start_PortIsTaken_SaysSo()
    {
        await using var first = Start();
        var exception = Assert.Throws<KafkaClientException>(
            () => EmbeddedBroker.Start(new EmbeddedBrokerOptions { Port = first.Port }, Kafka, TimeProvider.System));
        Assert.Contains($":{first.Port}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("0.0.0.0")]
    public void Start_AddressNobodyCanConnectTo_IsRefused(string address) => Assert.Throws<KafkaClientException>(
        () => EmbeddedBroker.Start(new EmbeddedBrokerOptions { Address = address, Port = 0 }, Kafka, TimeProvider.System));

    [Fact]
    public async Task Start_OnAllAddresses_AdvertisesTheNameGiven()
    {
        var options = new EmbeddedBrokerOptions { Address = "0.0.0.0", Port = 0, AdvertisedHost = "localhost" };
        await using var broker = EmbeddedBroker.Start(options, Kafka, TimeProvider.System);
        Assert.Equal($"localhost:{broker.Port}", broker.BootstrapServers);
        var topics = await new KafkaReader(Kafka with { BootstrapServers = broker.BootstrapServers }).ListTopicsAsync();
        Assert.Contains("md.trades", topics.Keys);
    }

    [Fact]
    public async Task Start_AfterDispose_CanUseThePortAgain()
    {
        var first = Start();
        await new KafkaReader(Kafka with { BootstrapServers = first.BootstrapServers }).ListTopicsAsync();
        await first.DisposeAsync();
        await using var second = EmbeddedBroker.Start(new EmbeddedBrokerOptions { Port = first.Port }, Kafka, TimeProvider.System);
        Assert.Equal(first.Port, second.Port);
    }

    [Fact]
    public async Task Counters_OneRequest_AreCounted()
    {
        await using var broker = Start();
        using var client = await ConnectAsync(broker);
        await ExchangeAsync(client, ApiVersionsRequest(1));
        Assert.Equal(1, broker.TotalConnections);
        Assert.Equal(1, broker.ActiveConnections);
        Assert.Equal(ApiVersionsRequest(1).Length, broker.BytesIn);
        Assert.True(broker.BytesOut > sizeof(int));
    }

    [Fact]
    public async Task DownAsync_ThenUp_RefusesAndAcceptsAgain()
    {
        await using var broker = Start();
        using var client = await ConnectAsync(broker);
        await ExchangeAsync(client, ApiVersionsRequest(1));
        var down = broker.DownAsync();
        Assert.Equal(0, await client.ReceiveAsync(new byte[16]));
        client.Close();
        await down;
        Assert.Equal(0, broker.ActiveConnections);
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(broker));
        broker.Up();
        using var again = await ConnectAsync(broker);
        await ExchangeAsync(again, ApiVersionsRequest(2));
    }

    [Fact]
    public async Task ClientEndsItsSide_AnswersStillArrive()
    {
        await using var broker = Start();
        using var client = await ConnectAsync(broker);
        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync(ApiVersionsRequest(i));
        }

        client.Shutdown(SocketShutdown.Send);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i, await ReadAnswerAsync(client));
        }

        Assert.Equal(0, await client.ReceiveAsync(new byte[16]));
    }

    private static EmbeddedBroker Start() => EmbeddedBroker.Start(new EmbeddedBrokerOptions { Port = 0 }, Kafka, TimeProvider.System);

    private static async Task<Socket> ConnectAsync(EmbeddedBroker broker)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, broker.Port);
        return socket;
    }

    private static async Task ExchangeAsync(Socket socket, byte[] request)
    {
        await socket.SendAsync(request);
        Assert.Equal(BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(8)), await ReadAnswerAsync(socket));
    }

    /// <summary>Reads one whole answer; returns its correlation id.</summary>
    private static async Task<int> ReadAnswerAsync(Socket socket)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(await ReadAsync(socket, sizeof(int)));
        return BinaryPrimitives.ReadInt32BigEndian(await ReadAsync(socket, length));
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(at));
            Assert.NotEqual(0, read);
            at += read;
        }

        return bytes;
    }

    /// <summary>ApiVersions v0: length, api key 18, version 0, correlation id, null client id.</summary>
    private static byte[] ApiVersionsRequest(int correlation)
    {
        var request = new byte[14];
        BinaryPrimitives.WriteInt32BigEndian(request, request.Length - sizeof(int));
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(4), 18);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(8), correlation);
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(12), -1);
        return request;
    }
}
