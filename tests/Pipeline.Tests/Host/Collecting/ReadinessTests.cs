using Pipeline.Core.Feeds;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Host.Collecting;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Host.Collecting;

public sealed class ReadinessTests
{
    private readonly StreamHealthBoard _board = new();

    [Fact]
    public void Of_Everything_NamesTheWorstFirst()
    {
        var well = Connection("binance-1", running: true, confirmed: 8);
        Note(TestMarket.Ether, "trade", HealthState.Stale, 30_000_000);

        Assert.Equal("okx: HTTP 404", Of([("okx", "HTTP 404")], well).Reason);
        var down = Of([], well, Connection("binance-2", false, 0), Connection("binance-3", true, 7));
        Assert.Equal(("binance-2: not connected; 1 more connections wait", "binance", "binance-2"), (down.Reason, down.Venue, down.Connection));
        Assert.Equal("binance-3: 7 of 8 streams confirmed", Of([], well, Connection("binance-3", true, 7)).Reason);
        var stale = Of([], well);
        Assert.Equal(("binance:ETH-USDT:trade: stale for 12 s (silent)", "binance-1"), (stale.Reason, stale.Connection));
        Assert.Equal(("binance:ETH-USDT:trade", "stale", 30_000_000), (stale.Stream, stale.State, stale.Since));
    }

    [Fact]
    public async Task Worst_IsTheStreamStaleForLongest_FromWhatGoesToTheSink()
    {
        var tap = new HealthTap(new NoSink(), _board);
        var batch = new MarketBatch();
        batch.Add(Health(TestMarket.Bitcoin, "quote", HealthState.Paused, 1));
        batch.Add(Health(TestMarket.Bitcoin, "trade", HealthState.Stale, 20));
        batch.Add(Health(TestMarket.Ether, "trade", HealthState.Stale, 10));
        batch.Add(Health(TestMarket.Ether, "quote", HealthState.Quiet, 0));
        await tap.WriteAsync(batch, default);

        Assert.Equal(("ETH-USDT", "trade"), (_board.Worst()!.Value.Instrument.Id, _board.Worst()!.Value.DataType));
        Assert.Equal([0, 0, 1, 2, 1, 0], _board.CountsOf("binance"));
        Note(TestMarket.Ether, "trade", HealthState.Fresh, 40);
        Assert.Equal("BTC-USDT", _board.Worst()!.Value.Instrument.Id);
        Note(TestMarket.Bitcoin, "trade", HealthState.Fresh, 40);
        Assert.Equal(HealthState.Paused, _board.Worst()!.Value.State);
        _board.Forget(TestMarket.Bitcoin);
        Assert.Null(_board.Worst());
        Assert.Equal(2, _board.CountsOf("binance").Sum());
        _board.Forget("binance");
        Assert.Equal(0, _board.CountsOf("binance").Sum());
    }

    private static StreamHealth Health(Instrument instrument, string dataType, HealthState state, long since) =>
        new(instrument, dataType, state, "silent", "binance-1", since, 0, 0);

    private static ConnectionStatistics Connection(string name, bool running, int confirmed) =>
        new(name, 8, confirmed, running, running && confirmed == 8, 0, 0, 0, 0);

    private void Note(Instrument instrument, string dataType, HealthState state, long since) => _board.Note(Health(instrument, dataType, state, since));

    private Readiness Of((string, string)[] missing, params ConnectionStatistics[] connections) =>
        Readiness.Of(missing, [new VenueFeedStatistics("binance", connections)], _board.Worst(), 42_000_000);

    private sealed class NoSink : IMarketSink
    {
        public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
