using Pipeline.Core.Market;
using Pipeline.Host.Collecting;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Sink;
using Pipeline.Tests.Kafka;

namespace Pipeline.Tests.Host.Collecting;

public sealed class CollectorOwnershipTests
{
    [Fact]
    public async Task WhileOwnedAsync_TheLeaseIsLostWhileArrearsWaitForABroker_TheyAreGivenUp()
    {
        await using var harness = BrokerHarness.Start();
        await using var sink = await harness.StartSinkAsync();
        await harness.Broker.DisposeAsync();
        var batch = new MarketBatch();
        batch.Add(MarketSamples.Trade(1));
        var lost = new TaskCompletionSource<OwnershipLoss>();

        var writing = WriteAsync(sink, batch, harness.Cancellation);
        var guarded = CollectorOwnership.WhileOwnedAsync(writing, lost.Task, sink, harness.Cancellation);
        Assert.False(guarded.IsCompleted);
        lost.SetResult(new OwnershipLoss("nothing was acknowledged", IsTakenOver: false));

        var error = await Assert.ThrowsAsync<PartitionsLostException>(() => guarded);
        Assert.False(error.Loss.IsTakenOver);
        Assert.True(writing.IsFaulted);
        Assert.Equal((1, 1, 0), (sink.Counts.HandedOver, sink.Counts.Failed, sink.Counts.InFlight));
    }

    [Fact]
    public async Task WhileOwnedAsync_TheWriterFindsOutFirst_ItIsSaidWhetherAnotherTookOver()
    {
        await using var harness = BrokerHarness.Start();
        await using var sink = await harness.StartSinkAsync();
        var refused = Task.FromException(new PartitionsLostException("not owned", new OwnershipLoss("no acknowledgement", IsTakenOver: false)));
        var lost = new TaskCompletionSource<OwnershipLoss>();

        var guarded = CollectorOwnership.WhileOwnedAsync(refused, lost.Task, sink, harness.Cancellation);
        lost.SetResult(new OwnershipLoss("another has claimed partition 0", IsTakenOver: true));

        var error = await Assert.ThrowsAsync<PartitionsLostException>(() => guarded);
        Assert.True(error.Loss.IsTakenOver);
    }

    [Fact]
    public async Task WhileOwnedAsync_EverythingIsWritten_IsThrough()
    {
        await using var harness = BrokerHarness.Start();
        await using var sink = await harness.StartSinkAsync();
        var batch = new MarketBatch();
        batch.Add(MarketSamples.Trade(1));

        await CollectorOwnership.WhileOwnedAsync(
            WriteAsync(sink, batch, harness.Cancellation), new TaskCompletionSource<OwnershipLoss>().Task, sink, harness.Cancellation);

        Assert.Equal(1, sink.Counts.Acknowledged);
    }

    private static async Task WriteAsync(KafkaSink sink, MarketBatch batch, CancellationToken cancellation)
    {
        await sink.WriteAsync(batch, cancellation);
        await sink.FlushAsync(cancellation);
    }
}
