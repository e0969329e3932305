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

        Assert.Equal(
            ["ETH-USDT trade", "BTC-USDT trade", "BTC-USDT quote"], _board.Worst(20).Worst.Select(one => $"{one.Instrument.Id} {one.DataType}"));
        Assert.Equal((1, 3), (_board.Worst(1).Worst.Count, _board.Worst(1).Count));
        Assert.Equal([0, 0, 1, 2, 1, 0], _board.CountsOf("binance"));
        Note(TestMarket.Ether, "trade", HealthState.Fresh, 40);
        Assert.Equal("BTC-USDT", _board.Worst(1).Worst[0].Instrument.Id);
        Note(TestMarket.Bitcoin, "trade", HealthState.Fresh, 40);
        Assert.Equal(HealthState.Paused, _board.Worst(1).Worst[0].State);
        _board.Forget(TestMarket.Bitcoin);
        Assert.Equal(0, _board.Worst(1).Count);
        Assert.Equal(2, _board.CountsOf("binance").Sum());
        _board.Forget("binance");
        Assert.Equal(0, _board.CountsOf("binance").Sum());
    }

    [Fact]
    public void Of_RefusedStreams_AreReadyAndNamed_UnlessNothingElseIsLeft()
    {
        var feed = new VenueFeedStatistics("binance", [Connection("binance-1", true, 7) with { IsReady = true }])
        {
            Streams = [.. Enumerable.Range(0, 8).Select(i => new StreamStatistics($"s{i}", "binance-1", 1, 0, 0))],
            Troubles = Troubles(1),
        };
        var one = Readiness.Of([], [feed], _board.Worst(20), 0);
        Assert.Equal((true, "ready, 1 stream refused: binance s0 (Unknown symbol)"), (one.Ready, one.ToText()));
        Assert.Equal(new UnwellStream("binance s0", "refused", "Unknown symbol"), Assert.Single(one.Streams));

        var many = Readiness.Of([], [feed with { Streams = [.. feed.Streams, .. feed.Streams, .. feed.Streams, .. feed.Streams], Troubles = Troubles(31) }], _board.Worst(20), 0);
        Assert.Equal((true, 20, 11), (many.Ready, many.Streams.Count, many.MoreStreams));
        Assert.StartsWith("ready, 31 streams refused: binance s0 (Unknown symbol), binance s1 (", many.ToText(), StringComparison.Ordinal);
        Assert.EndsWith("binance s19 (Unknown symbol) and 11 more", many.ToText(), StringComparison.Ordinal);

        var all = Readiness.Of([], [feed with { Troubles = Troubles(8) }], _board.Worst(20), 0);
        Assert.Equal((false, "binance refuses all 8 streams"), (all.Ready, all.Reason));
        Assert.Equal("ok", Of([], Connection("binance-1", true, 8)).ToText());
    }

    [Fact]
    public void Of_Trouble_NamesStreamsAndWhyBelowTheWorst()
    {
        Note(TestMarket.Ether, "trade", HealthState.Stale, 30_000_000);
        var feed = new VenueFeedStatistics("binance", [Connection("binance-1", true, 5)])
        {
            Streams = [.. Enumerable.Range(0, 8).Select(i => new StreamStatistics($"s{i}", "binance-1", 1, 0, 0))],
            Troubles = StreamTroubles.Of(
            [
                new StreamTrouble("s0", "binance-1", StreamTroubleKind.Refused, "Unknown symbol"),
                new StreamTrouble("s1", "binance-1", StreamTroubleKind.Unanswered, "two requests for it were not answered in time"),
            ]),
        };

        Assert.Equal(
            """
            binance-1: 5 of 8 streams confirmed
            binance s1: unanswered (two requests for it were not answered in time)
            binance:ETH-USDT:trade: stale (for 12 s: silent)
            binance s0: refused (Unknown symbol)
            """,
            Readiness.Of([], [feed], _board.Worst(20), 42_000_000).ToText());
        var most = Readiness.Of([], [feed with { Troubles = Troubles(40) }], _board.Worst(20), 42_000_000);
        Assert.Equal((20, 21), (most.Streams.Count, most.MoreStreams));
        Assert.Equal(22, most.ToText().Split('\n').Length);
        Assert.EndsWith("\nand 21 more streams", most.ToText(), StringComparison.Ordinal);
    }

    private static StreamTroubles Troubles(int refused) => StreamTroubles.Of(
        Enumerable.Range(0, refused).Select(i => new StreamTrouble($"s{i}", "binance-1", StreamTroubleKind.Refused, "Unknown symbol")));

    private static StreamHealth Health(Instrument instrument, string dataType, HealthState state, long since) =>
        new(instrument, dataType, state, "silent", "binance-1", since, 0, 0);

    private static ConnectionStatistics Connection(string name, bool running, int confirmed) =>
        new(name, 8, confirmed, running, running && confirmed == 8, 0, 0, 0, 0);

    private void Note(Instrument instrument, string dataType, HealthState state, long since) => _board.Note(Health(instrument, dataType, state, since));

    private Readiness Of((string, string)[] missing, params ConnectionStatistics[] connections) =>
        Readiness.Of(missing, [new VenueFeedStatistics("binance", connections)], _board.Worst(20), 42_000_000);

    private sealed class NoSink : IMarketSink
    {
        public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
