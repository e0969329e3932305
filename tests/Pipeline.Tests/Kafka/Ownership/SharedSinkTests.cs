using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Sink;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Kafka.Ownership;

public sealed class SharedSinkTests
{
    private const int Partitions = 8;
    private const int Lanes = 2;

    private static readonly int Bitcoin = PartitionOf(TestMarket.Bitcoin);
    private static readonly int Ether = PartitionOf(TestMarket.Ether);

    private readonly SlowSink _inner = new();
    private readonly List<(int Partition, bool IsEnded)> _ended = [];
    private Action<(int Partition, bool IsEnded)> _tell;
    private int _dropped;

    public SharedSinkTests() => _tell = _ended.Add;

    [Fact]
    public void Instruments_OfTheTest_LieInDifferentPartitions() => Assert.NotEqual(Bitcoin, Ether);

    [Fact]
    public async Task WriteAsync_OnePartitionIsOpen_TheOthersEventsAndStatesAreDroppedAndCounted()
    {
        var sink = Make();
        await sink.OpenAsync(Ether, default, default);

        await sink.WriteAsync(Both(), default);

        Assert.Equal(["ETH-USDT trade", "ETH-USDT state, status"], _inner.Calls);
        Assert.Equal(2, _dropped);
    }

    [Fact]
    public async Task WriteAsync_NothingIsOpen_NothingIsHandedOver()
    {
        var batch = new MarketBatch();
        batch.Add(TestMarket.Trade(TestMarket.Bitcoin, 1, 1));

        await Make().WriteAsync(batch, default);

        Assert.Empty(_inner.Calls);
    }

    [Fact]
    public async Task CloseAsync_AWriteIsUnderWay_WaitsForItAndLetsNothingPassBehindIt()
    {
        var sink = Make();
        await sink.OpenAsync(Bitcoin, default, default);
        _inner.Gate = new TaskCompletionSource();
        var writing = sink.WriteAsync(Of(TestMarket.Bitcoin), default).AsTask();

        var closing = sink.CloseAsync(Bitcoin, default);
        var later = sink.WriteAsync(Of(TestMarket.Bitcoin), default).AsTask();
        Assert.False(closing.IsCompleted);
        Assert.False(later.IsCompleted);
        Assert.Equal([(Bitcoin, false)], _ended);
        _inner.Gate.SetResult();
        await Task.WhenAll(writing, closing, later);

        Assert.Equal(["BTC-USDT trade"], _inner.Calls);
        Assert.Equal(1, _dropped);
        Assert.Equal((Bitcoin, true), _ended[^1]);
    }

    [Fact]
    public async Task CloseAsync_WhoeverIsToldFails_TheLaneGoesOn()
    {
        var sink = Make();
        await sink.OpenAsync(Bitcoin, default, default);
        _tell = _ => throw new InvalidOperationException("it has ended");

        await Assert.ThrowsAsync<InvalidOperationException>(() => sink.CloseAsync(Bitcoin, default));
        var writing = sink.WriteAsync(Of(TestMarket.Bitcoin), default);

        Assert.True(writing.IsCompletedSuccessfully);
        Assert.Empty(_inner.Calls);
    }

    [Fact]
    public async Task OpenAsync_ItComesBack_TheFirstTradeGoesAloneAgain()
    {
        var sink = Make();
        await sink.OpenAsync(Bitcoin, default, default);
        await sink.WriteAsync(Of(TestMarket.Bitcoin), default);
        await sink.CloseAsync(Bitcoin, default);
        var flushes = _inner.Flushes;

        await sink.OpenAsync(Bitcoin, default, default);
        await sink.WriteAsync(Of(TestMarket.Bitcoin), default);
        await sink.WriteAsync(Of(TestMarket.Bitcoin), default);

        Assert.Equal(flushes + 1, _inner.Flushes);
    }

    private static int PartitionOf(Instrument instrument) => InstrumentPartitioner.PartitionOf(instrument.Key, Partitions);

    private static MarketBatch Of(Instrument instrument)
    {
        var batch = new MarketBatch { Lane = PartitionOf(instrument) % Lanes };
        batch.Add(TestMarket.Trade(instrument, 1, 1));
        return batch;
    }

    private static MarketBatch Both()
    {
        var batch = new MarketBatch();
        batch.Add(TestMarket.Trade(TestMarket.Bitcoin, 1, 1));
        batch.Add(TestMarket.Trade(TestMarket.Ether, 1, 1));
        batch.Add(new InstrumentState(TestMarket.Bitcoin));
        batch.Add(new InstrumentState(TestMarket.Ether));
        batch.Add(new CollectorStatus { Collector = "a", Venue = "binance", Time = 1, State = "running" });
        return batch;
    }

    private SharedSink Make() => new(
        new OwnedSink(_inner, _ => default, [.. new PartitionEnds[Partitions]], PartitionOf, () => true, _ => { }),
        Partitions,
        Lanes,
        (partition, isEnded) => _tell((partition, isEnded)),
        count => _dropped += count);

    private sealed class SlowSink : IMarketSink
    {
        public List<string> Calls { get; } = [];

        public int Flushes { get; private set; }

        public TaskCompletionSource? Gate { get; set; }

        public async ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
        {
            // The events' own list, and of the states the list that the writer takes.
            var said = batch.Events.Span.ToArray().Select(one => one.Kind switch
            {
                MarketEventKind.Status => "status",
                MarketEventKind.State => $"{batch.States[one.Index].Instrument.Id} state",
                _ => $"{batch.InstrumentOf(one)!.Id} trade",
            }).ToList();
            Assert.Equal(said.Count(one => one.EndsWith("state", StringComparison.Ordinal)), batch.States.Count);
            Calls.Add(string.Join(", ", said));
            if (Gate is { } gate)
            {
                await gate.Task;
            }
        }

        public ValueTask FlushAsync(CancellationToken cancellation)
        {
            Flushes++;
            return default;
        }
    }
}
