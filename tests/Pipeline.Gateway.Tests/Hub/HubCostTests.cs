using System.Diagnostics;
using System.Globalization;
using Pipeline.Fanout;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;
using Pipeline.Kafka.Reader;
using Xunit.Abstractions;

namespace Pipeline.Gateway.Tests.Hub;

/// <summary>What a record costs. Memory is asserted, time is printed: the machine is never quiet.</summary>
public sealed class HubCostTests(ITestOutputHelper output)
{
    private const int Records = 20_000;

    [Theory]
    [InlineData(0, 120)]
    [InlineData(100, 900)]
    public void Record_ThroughTheHub_AllocatesItsPlaceAndOneMessageHoweverManySubscribe(int subscribers, int mostBytes)
    {
        var hub = new StillHub();
        for (var i = 0; i < 3 * Records; i++)
        {
            hub.Log.Trade($"binance:C{i % 100}-USDT", i);
        }

        hub.State.TakeTime();
        hub.State.Begin(new MemoryLog().Beginning());
        Take(0);
        foreach (var stream in hub.State.Streams.All)
        {
            for (var i = 0; i < subscribers; i++)
            {
                stream.Room.Add(new NoOutlet());
            }
        }

        Take(Records);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        Take(2 * Records);
        var elapsed = Stopwatch.GetElapsedTime(began);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Records;
        Print($"{subscribers} subscribers: {elapsed.TotalNanoseconds / Records:F0} ns, {bytes} B a record of {hub.Log.All[0].Record.Value!.Length} B");
        Assert.InRange(bytes, 0, mostBytes);

        void Take(int from)
        {
            for (var i = from; i < from + Records; i++)
            {
                hub.State.Take(hub.Log.All[i].Topic, hub.Log.All[i].Record);
            }
        }
    }

    [Fact]
    public async Task Record_ReadFromABroker_CostIsTold()
    {
        await using var writer = LogWriter.Start();
        var log = new MemoryLog();
        for (var i = 0; i < 2000; i++)
        {
            log.Trade("binance:BTC-USDT", i);
        }

        await writer.WriteAsync(log);
        var visitor = new CountingVisitor(2000);
        var follower = new LogFollower(writer.Options);
        var topic = follower.Describe(["md.trades"])[0];
        visitor.Began = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<OperationCanceledException>(() => follower.Follow(
            [.. topic.Partitions.Select(one => new FollowPosition(topic.Name, one.Partition, 0))], visitor, visitor.Done.Token));
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 2000;
        Print($"read: {visitor.Elapsed.TotalNanoseconds / 2000:F0} ns, {bytes} B a record of {log.All[0].Record.Value!.Length} B, the first fetch included");
        Assert.Equal(2000, visitor.Count);
        visitor.Done.Dispose();
    }

    private void Print(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed class NoOutlet : IOutlet
    {
        public ClientLink? Link => null;

        public long WaitingBytes => 0;

        public bool Post(SharedMessage message, Delivery delivery, object? key = null) => true;

        public void Close(int code, string reason)
        {
        }

        public void SetMaximumRate(double messagesPerSecond)
        {
        }
    }

    private sealed class CountingVisitor(int most) : ILogVisitor
    {
        public CancellationTokenSource Done { get; } = new();

        public long Began { get; set; }

        public TimeSpan Elapsed { get; private set; }

        public int Count { get; private set; }

        public void OnRecord(KafkaRecord record)
        {
            if (++Count == most)
            {
                Elapsed = Stopwatch.GetElapsedTime(Began);
                Done.Cancel();
            }
        }

        public void OnEnd(string topic, int partition, long offset)
        {
        }

        public void OnReturn()
        {
        }

        public void OnLost()
        {
        }
    }
}
