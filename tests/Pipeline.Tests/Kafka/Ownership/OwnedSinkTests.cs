using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka.Ownership;

public sealed class OwnedSinkTests
{
    private readonly FakeSink _inner = new();
    private readonly long?[] _ends = [100, 200];
    private readonly List<string> _lost = [];
    private bool _mayWrite = true;

    [Fact]
    public async Task WriteAsync_FirstTradeOfAPartition_GoesAloneAndIsProvenOnce()
    {
        var sink = Make();
        var batch = Batch();
        batch.Add(new InstrumentState(MarketSamples.Bitcoin));
        batch.IsCheckpoint = true;

        await sink.WriteAsync(batch, default);
        await sink.WriteAsync(Batch(), default);

        Assert.Equal(["trade 1", "flush", "trade 2, trade 3, candle, state checkpoint", "trade 1, trade 2, trade 3, candle"], _inner.Calls);
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task WriteAsync_FirstTradeLiesElsewhere_IsLostAndNothingMoreGoes()
    {
        _inner.Shift = 3;
        var sink = Make();

        var error = await Assert.ThrowsAsync<PartitionsLostException>(async () => await sink.WriteAsync(Batch(), default));

        Assert.False(error.Loss.IsTakenOver);
        Assert.Equal(["trade 1", "flush"], _inner.Calls);
        Assert.Contains("lies at 103 and the tail ended at 100", Assert.Single(_lost), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_NotOursAnyMore_NothingGoesAndItIsTold()
    {
        var sink = Make();
        _mayWrite = false;

        await Assert.ThrowsAsync<PartitionsLostException>(async () => await sink.WriteAsync(Batch(), default));

        Assert.Empty(_inner.Calls);
        Assert.Contains("acknowledged", Assert.Single(_lost), StringComparison.Ordinal);
    }

    private OwnedSink Make()
    {
        _inner.Taken = () => _ends[0]++;
        return new OwnedSink(
            _inner,
            partition => new PartitionEnds(_ends[partition] + _inner.Shift, 0, 0, 0),
            [new PartitionEnds(100, 0, 0, 0), new PartitionEnds(200, 0, 0, 0)],
            _ => 0,
            () => _mayWrite,
            _lost.Add);
    }

    private static MarketBatch Batch()
    {
        var batch = new MarketBatch();
        batch.Add(MarketSamples.Trade(1));
        batch.Add(MarketSamples.Trade(2));
        batch.Add(MarketSamples.Trade(3));
        batch.Add(MarketSamples.Candle());
        return batch;
    }

    private sealed class FakeSink : IMarketSink
    {
        public List<string> Calls { get; } = [];

        public long Shift { get; set; }

        public Action Taken { get; set; } = () => { };

        public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
        {
            foreach (var happened in batch.Events.Span)
            {
                if (happened.Kind == MarketEventKind.Trade)
                {
                    Taken();
                }
            }

            var events = batch.Events.Span.ToArray().Select(happened => happened.Kind switch
            {
                MarketEventKind.Trade => $"trade {batch.Trades[happened.Index].Id}",
                MarketEventKind.State => $"state{(batch.States.Count == 1 ? "" : " lost")}",
                var other => other.ToString().ToLowerInvariant(),
            });
            Calls.Add(string.Join(", ", events) + (batch.IsCheckpoint ? " checkpoint" : ""));
            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellation)
        {
            Calls.Add("flush");
            return ValueTask.CompletedTask;
        }
    }
}
