using System.Globalization;
using System.Text;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.TestKit.Time;
using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Graph;

public sealed class PipelineGraphTests : IDisposable
{
    private static readonly GraphOptions Small = new() { EntranceCapacity = 4, BlockCapacity = 2, Lanes = 2 };

    private readonly PipelineMetrics _metrics = new();
    private readonly FeedSource _source = MakeSource();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Take_TradesOfManyInstruments_ArriveOnceAndInOrderPerInstrument()
    {
        var sink = new CollectingSink();
        await using var graph = CreateSut(sink);
        for (var id = 1; id <= 2_000; id++)
        {
            await TakeAsync(graph, Frame(id, $"S{id % 7}"));
            await TakeAsync(graph, Frame(id, $"S{id % 7}"));
        }

        await graph.CompleteAsync();
        Assert.Equal(2_000, sink.Trades.Count);
        Assert.All(
            sink.Trades.GroupBy(trade => trade.Instrument.Index),
            trades => Assert.Equal(trades.Select(t => t.Id).Order(), trades.Select(t => t.Id)));
        Assert.Equal(2_000, Dropped("duplicate"));
        Assert.Equal(1, sink.Flushes);
    }

    [Fact]
    public async Task Take_SinkStandsStill_HoldsTheReceiveLoopWithinTheBoundsAndLosesNothing()
    {
        var sink = new CollectingSink(closed: true);
        await using var graph = CreateSut(sink, new TestTimeProvider());

        // The way of one instrument: entrance, normalise, and its lane's three blocks.
        var room = Small.EntranceCapacity + (4 * Small.BlockCapacity);
        for (var id = 1; id <= room; id++)
        {
            await TakeAsync(graph, Frame(id, "S1"));
        }

        var held = FrameBatch.Of(_source, 1, Frame(room + 1, "S1"));
        graph.Take(held);
        Assert.False(held.Released.IsCompleted);
        Assert.All(_metrics.Queues, queue => Assert.InRange(queue.Length(), 0, queue.Capacity));
        sink.Open();
        await held.Released.WaitAsync(RealTime.Bound);
        await graph.CompleteAsync();
        Assert.Equal(Enumerable.Range(1, room + 1).Select(n => (long)n), sink.Trades.Select(trade => trade.Id));
    }

    [Fact]
    public async Task Intake_WhileAnyBatchWaits_LetsNobodyPass_AndThenAllWhoWait()
    {
        var sink = new CollectingSink(closed: true);
        await using var graph = CreateSut(sink, new TestTimeProvider());
        using var gate = new ConnectGate("binance", null, TimeProvider.System, _metrics, graph);
        var room = Small.EntranceCapacity + (4 * Small.BlockCapacity);
        for (var id = 1; id <= room; id++)
        {
            await TakeAsync(graph, Frame(id, "S1"));
        }

        // Full, and yet nobody was turned away.
        Assert.True(graph.HasRoom);
        Assert.True(gate.PassAsync(default).IsCompletedSuccessfully);
        FrameBatch[] held = [.. Enumerable.Range(room + 1, 3).Select(id => FrameBatch.Of(_source, 1, Frame(id, "S1")))];
        Array.ForEach(held, graph.Take);
        Assert.False(graph.HasRoom);
        Task[] waiting = [graph.WhenRoomAsync(default), gate.PassAsync(default), gate.PassAsync(default)];
        using var cancellation = new CancellationTokenSource();
        var given = graph.WhenRoomAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(RealTime.Bound));
        Assert.All(waiting, one => Assert.False(one.IsCompleted));

        sink.Open();
        await Task.WhenAll(waiting).WaitAsync(RealTime.Bound);
        Assert.All(held, batch => Assert.True(batch.Released.IsCompleted));
        Assert.True(graph.HasRoom);
        await graph.CompleteAsync();
    }

    [Fact]
    public async Task Intake_OfAGraphThatHasEnded_HoldsNobody()
    {
        await using var graph = CreateSut(new CollectingSink());
        await graph.CompleteAsync();
        var late = FrameBatch.Of(_source, 1, Frame(1, "S1"));
        graph.Take(late);

        await graph.WhenRoomAsync(default).WaitAsync(RealTime.Bound);
        Assert.True(graph.HasRoom);
    }

    [Fact]
    public async Task Forget_Instrument_NoRecordOfItFollowsUntilItIsAnotherAndOthersGoOn()
    {
        var sink = new CollectingSink();
        await using var graph = CreateSut(sink);
        foreach (var id in new[] { 1, 2 })
        {
            await TakeAsync(graph, Frame(id, "S1"));
            await TakeAsync(graph, Frame(id, "S2"));
        }

        await Until(() => sink.TradeCount == 4);
        var gone = _source.Symbols[_source.Symbols.Find("S1"u8)];
        await graph.ForgetAsync(gone);
        await TakeAsync(graph, Frame(3, "S1"));
        await TakeAsync(graph, Frame(1, "S2"));
        await Until(() => Dropped("unwanted") == 1 && Dropped("duplicate") == 1);
        _source.Symbols.Add(new Instrument(_source.Symbols.Count, gone.Venue, gone.Id, gone.Symbol));
        await TakeAsync(graph, Frame(9, "S1"));
        await graph.CompleteAsync();

        Assert.Equal([1, 2, 9], sink.Trades.Where(trade => trade.Instrument.Symbol == "S1").Select(trade => trade.Id));
        Assert.Equal([1, 2], sink.Trades.Where(trade => trade.Instrument.Symbol == "S2").Select(trade => trade.Id));

        // No hole: the one before is not asked.
        Assert.DoesNotContain(_metrics.Snapshot(), sample => sample.Name == "pipeline.sequence.holes");
    }

    [Fact]
    public async Task Take_BadFrames_AreDeadLettersAndTheRestFlows()
    {
        var sink = new CollectingSink();
        await using var graph = CreateSut(sink);
        await TakeAsync(graph, Frame(1, "S1"), "nonsense"u8.ToArray(), """{"result":null,"id":4}"""u8.ToArray(), Frame(2, "S1"));
        await graph.CompleteAsync();
        Assert.Equal([1L, 2L], sink.Trades.Select(trade => trade.Id));
        Assert.Equal(["malformed"], sink.DeadLetterReasons);
        Assert.Equal((1, 1), (_metrics.DeadLetterCount, _metrics.ControlFrameCount));
    }

    [Fact]
    public async Task Take_HoleInTheIds_IsCountedWithWhatIsMissing()
    {
        var sink = new CollectingSink();
        await using var graph = CreateSut(sink);
        await TakeAsync(graph, Frame(1, "S1"), Frame(5, "S1"), Frame(6, "S1"));
        await graph.CompleteAsync();
        Assert.Equal([(1L, false), (5L, true), (6L, false)], sink.Trades.Select(trade => (trade.Id, trade.AfterGap)));
        Assert.Equal(3, _metrics.Snapshot().Single(s => s.Name == "pipeline.sequence.missing").Value);
    }

    [Fact]
    public async Task Completion_SinkFails_FailsTheGraphAndFreesTheReceiveLoop()
    {
        var sink = new CollectingSink { Failure = new IOException("disk of the broker is gone") };
        await using var graph = CreateSut(sink);
        graph.Take(FrameBatch.Of(_source, 1, Frame(1, "S1")));
        var failure = await Assert.ThrowsAsync<IOException>(() => graph.Completion.WaitAsync(RealTime.Bound));
        Assert.Equal("disk of the broker is gone", failure.Message);
    }

    [Fact]
    public async Task Take_AfterTheEnd_IsCountedAndHoldsNobody()
    {
        await using var graph = CreateSut(new CollectingSink());
        await graph.CompleteAsync();
        var late = FrameBatch.Of(_source, 1, Frame(1, "S1"));
        graph.Take(late);
        await late.Released.WaitAsync(RealTime.Bound);
        Assert.Equal(1, Dropped("graph-ended"));
    }

    [Fact]
    public async Task Take_NewSeriesWhereIdsTellNoHoles_MakesTheRunningCandleIncomplete()
    {
        var sink = new CollectingSink();
        // A clock that stands: by the machine's all of it is long past, and would be closed.
        await using var graph = CreateSut(sink, new TestTimeProvider(DateTimeOffset.UnixEpoch));
        var bybit = new Instrument(0, "bybit", "S0", "S0", new SequenceRules(IdDiscipline.Unordered, BookRule.Resend));
        var symbols = new SymbolTable();
        symbols.Add(bybit);
        var source = _source with { Venue = "bybit", Symbols = symbols };

        // Milliseconds: candles of 1 s; the series is another one from the fifth trade on.
        foreach (var (time, series) in new[] { (500, 1), (1_500, 1), (2_100, 1), (3_100, 1), (3_900, 2), (4_100, 2), (5_100, 2), (6_100, 2) })
        {
            var batch = FrameBatch.Of(source, time * 1_000L, Frame(time, "S0"));
            batch.Origin = new FrameOrigin(series, series, 1);
            graph.Take(batch);
            await batch.Released.WaitAsync(RealTime.Bound);
            batch.Release();
        }

        await graph.CompleteAsync();
        var finals = sink.Candles.Where(candle => candle.State == CandleState.Final && candle.Interval.Name == "1s");
        Assert.Equal(
            [(0, false), (1, true), (2, true), (3, false), (4, true)],
            finals.Select(candle => ((int)(candle.OpenTime / 1_000_000), candle.Complete)));
    }

    [Fact]
    public async Task TellAsync_ChangeOfHealth_ArrivesUntouchedInTheInstrumentsLane()
    {
        var sink = new CollectingSink();
        await using var graph = CreateSut(sink);
        await TakeAsync(graph, Frame(1, "S3"));
        var health = new StreamHealth(_source.Symbols[3], "trade", HealthState.Fresh, "first-data", "binance-1", 5, 4, 5, 3);
        Assert.True(await graph.TellAsync(health));
        await graph.CompleteAsync();
        Assert.Equal([(3 % Small.Lanes, health)], sink.Health);
        Assert.Single(sink.Trades);
        Assert.False(await graph.TellAsync(health));
    }

    [Fact]
    public async Task Take_WithActivity_IsNotedAtStation3()
    {
        var activity = new StreamActivity(_metrics);
        await using var graph = new PipelineGraph(
            Small, new CandleOptions(), instrument => instrument.Index, new CollectingSink(), _metrics, TimeProvider.System, activity: activity);
        var batch = FrameBatch.Of(_source, 77, Frame(1, "S3"));
        batch.Origin = new FrameOrigin(9, 9, 1);
        graph.Take(batch);
        await batch.Released.WaitAsync(RealTime.Bound);
        await graph.CompleteAsync();
        Assert.True(activity.Carries(new FeedStream("s3@trade", _source.Symbols[3], StreamChannel.Trade, "trade", 0), 9));
        Assert.False(activity.Carries(new FeedStream("s2@trade", _source.Symbols[2], StreamChannel.Trade, "trade", 0), 9));
    }

    [Fact]
    public async Task Tick_FormingCandleHeldBack_ArrivesByTheClock()
    {
        var clock = new TestTimeProvider(DateTimeOffset.UnixEpoch.AddSeconds(1));
        var sink = new CollectingSink();
        await using var graph = CreateSut(sink, clock);
        await TakeAsync(graph, Frame(1, "S1"));
        await UntilAsync(() => sink.Has(candle => candle is { LastId: 1, State: CandleState.Forming }));
        await TakeAsync(graph, Frame(2, "S1"));
        await UntilAsync(() => sink.TradeCount == 2 && clock.PendingTimers > 0);
        Assert.False(sink.Has(candle => candle.LastId == 2));
        var live = CandleInterval.All.Where(interval => sink.Has(candle => candle.Interval == interval)).ToList();

        // Longer intervals wait longer, and the next is waited for once the last has come.
        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(250));
            return live.TrueForAll(interval => sink.Has(candle => candle.Interval == interval && candle is { LastId: 2, State: CandleState.Forming }));
        });
        await graph.CompleteAsync();
        var forming = sink.Candles.Where(candle => candle.State == CandleState.Forming).ToLookup(candle => candle.Interval);
        Assert.Equal(live.Count, forming.Count);
        Assert.All(forming, told => Assert.Equal([1, 2], told.Select(candle => candle.LastId)));
    }

    [Fact]
    public async Task Tick_TradeThatWaitedForAnotherLeg_LeavesByTheClock()
    {
        var clock = new TestTimeProvider(DateTimeOffset.UnixEpoch.AddSeconds(1));
        var sink = new CollectingSink();
        await using var graph = CreateSut(sink, clock);
        await TakeFromLegAsync(graph, Frame(1, "S1"), Frame(3, "S1"));
        await UntilAsync(() => clock.PendingTimers > 0 && sink.Trades.Count > 0);
        clock.Advance(TimeSpan.FromMilliseconds(49));
        Assert.Single(sink.Trades);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await UntilAsync(() => sink.Trades.Count > 1);
        Assert.Equal([(1, false), (3, true)], sink.Trades.Select(trade => (trade.Id, trade.AfterGap)));
        await graph.CompleteAsync();
    }

    [Fact]
    public async Task CompleteAsync_TradeThatWaitsForAnotherLeg_LeavesBeforeTheEnd()
    {
        var sink = new CollectingSink();
        await using var graph = CreateSut(sink, new TestTimeProvider());
        await TakeFromLegAsync(graph, Frame(1, "S1"), Frame(3, "S1"), Frame(4, "S1"));
        await graph.CompleteAsync();
        Assert.Equal([(1, false), (3, true), (4, false)], sink.Trades.Select(trade => (trade.Id, trade.AfterGap)));
    }

    private static FeedSource MakeSource()
    {
        var symbols = new SymbolTable();
        for (var i = 0; i < 7; i++)
        {
            symbols.Add(new Instrument(i, "binance", $"S{i}", $"S{i}"));
        }

        return new FeedSource("binance", "binance-1", new BinanceSpotParser(), symbols, 1000);
    }

    private static byte[] Frame(long id, string symbol) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"e":"trade","E":{{{id}}},"s":"{{{symbol}}}","t":{{{id}}},"p":"1.50","q":"2.00","T":{{{id}}},"m":true,"M":true}"""));

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(RealTime.Bound);
        while (!condition())
        {
            bound.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task TakeFromLegAsync(PipelineGraph graph, params byte[][] frames)
    {
        var batch = FrameBatch.Of(_source, MarketTime.From(DateTimeOffset.UnixEpoch.AddSeconds(1)), frames);
        batch.Origin = new FrameOrigin(1, 1, Legs: 2);
        graph.Take(batch);
        await batch.Released.WaitAsync(RealTime.Bound);
        batch.Release();
    }

    private async Task TakeAsync(PipelineGraph graph, params byte[][] frames)
    {
        var batch = FrameBatch.Of(_source, MarketTime.From(DateTimeOffset.UnixEpoch.AddSeconds(1)), frames);
        graph.Take(batch);
        await batch.Released.WaitAsync(RealTime.Bound);
        batch.Release();
    }

    private long Dropped(string reason) => _metrics.Snapshot().Where(s => s.Name == "pipeline.graph.dropped" && s.Detail == reason).Sum(s => s.Value);

    private PipelineGraph CreateSut(CollectingSink sink, TimeProvider? clock = null) =>
        new(Small, new CandleOptions(), instrument => instrument.Index, sink, _metrics, clock ?? TimeProvider.System);

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(RealTime.Bound);
        while (!condition())
        {
            // Nobody tells when a block's threads have counted: it is looked at.
            await Task.Delay(5, limit.Token);
        }
    }
}
