using System.Collections.Concurrent;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Feeds.Repair;

public sealed class TradeRepairsTests : IAsyncDisposable
{
    private readonly PipelineMetrics _metrics = new();
    private readonly TestTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly FakeTradeRest _rest;
    private readonly Entrance _entrance = new();
    private readonly FeedSource _source;
    private readonly TradeRepairs _repairs;

    public TradeRepairsTests()
    {
        _rest = new FakeTradeRest(_clock);
        var symbols = new SymbolTable();
        symbols.Add(TestMarket.Bitcoin);
        symbols.Add(TestMarket.Ether);
        _source = new FeedSource("binance", "binance-rest", null, symbols, 1_000);
        _repairs = new TradeRepairs(_rest, _source, "aggTrade", new RepairOptions { ParallelRequests = 1 }, _clock, _metrics, capacity: 3);
    }

    public async ValueTask DisposeAsync()
    {
        await _repairs.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Request_LongHole_ComesInPagesEachWithItsAnswer()
    {
        _repairs.Start(_entrance);
        Ask(TestMarket.Bitcoin, 11, 2_510);
        var answers = await AnswersAsync(3);
        Assert.Equal(
            [(RepairOutcome.Page, 1_009L, 1_000), (RepairOutcome.Page, 2_009, 1_000), (RepairOutcome.Done, 2_510, 501)],
            answers.Select(one => (one.Answer.Outcome, one.Answer.CoveredTo, one.Ids.Count)));
        Assert.Equal([11L, 1_011, 2_011], _rest.Asked.Select(one => one.FromId!.Value));
        Assert.All(answers, one => Assert.Equal((TradeSource.Repair, TestMarket.Bitcoin, 11L), (one.Source, one.Answer.Instrument, one.Answer.FromId)));
        await Until(() => _repairs.Waiting == 0);
    }

    [Fact]
    public async Task Request_RestLagsThirtySeconds_AsksWithGrowingPausesAndNeverSaysItIsNothing()
    {
        _rest.Known = () => _clock.Elapsed < TimeSpan.FromSeconds(30) ? 10 : 100;
        _repairs.Start(_entrance);
        Ask(TestMarket.Bitcoin, 11, 12);
        for (var asked = 1; asked <= 7; asked++)
        {
            await AnswersAsync(asked);
            await Until(() => _rest.Asked.Count == asked && _clock.PendingTimers == 1);
            _clock.Advance(TimeSpan.FromSeconds(0.25 * Math.Pow(2, asked - 1)));
        }

        var answers = await AnswersAsync(8);
        Assert.All(answers.SkipLast(1), one => Assert.Equal((RepairOutcome.Retrying, -1), (one.Answer.Outcome, one.Answer.CoveredTo)));
        Assert.Equal((RepairOutcome.Done, 12), (answers[^1].Answer.Outcome, answers[^1].Answer.CoveredTo));
        Assert.Equal([11, 12, 13], answers[^1].Ids);
        Assert.Equal([0, 0.25, 0.75, 1.75, 3.75, 7.75, 15.75, 31.75], _rest.Asked.Select(one => one.At));
    }

    [Fact]
    public async Task Request_TooManyRequests_AllWaitAsLongAsTheVenueWants()
    {
        _rest.Failures.Enqueue(new VenueRestException(VenueRestFailure.RateLimited, "429", TimeSpan.FromSeconds(5)));
        var failures = new ConcurrentQueue<RepairFailure>();
        _repairs.Failed += failures.Enqueue;
        _repairs.Failed += _ => throw new InvalidOperationException("an observer of no use");
        Ask(TestMarket.Bitcoin, 11, 12);
        Ask(TestMarket.Ether, 5, 6);
        _repairs.Start(_entrance);
        await AnswersAsync(1);
        await Until(() => _clock.PendingTimers == 1);
        Assert.Single(_rest.Asked);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Single(_rest.Asked);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await AnswersAsync(3);
        Assert.All(_rest.Asked.Skip(1), one => Assert.Equal(5, one.At));
        Assert.Equal("429", Assert.Single(failures).Message);
    }

    [Fact]
    public async Task Request_Refused_IsGivenUp()
    {
        _rest.Failures.Enqueue(new VenueRestException(VenueRestFailure.Refused, "-4166"));
        _repairs.Start(_entrance);
        Ask(TestMarket.Bitcoin, 11, 12);
        var answer = (await AnswersAsync(1)).Single();
        Assert.Equal((RepairOutcome.Abandoned, "rest-refused", 0), (answer.Answer.Outcome, answer.Answer.Reason, answer.Ids.Count));
        Assert.Equal(1, Pages("rest-refused"));
        await Until(() => _repairs.Waiting == 0);
    }

    [Fact]
    public async Task Request_TooOld_IsGivenUpUnasked()
    {
        Ask(TestMarket.Bitcoin, 11, 12);
        _clock.Advance(TimeSpan.FromHours(6) + TimeSpan.FromSeconds(1));
        _repairs.Start(_entrance);
        Assert.Equal("too-old", (await AnswersAsync(1)).Single().Answer.Reason);
        Assert.Empty(_rest.Asked);
    }

    [Fact]
    public async Task Request_NoAnswer_TimesOutAndIsAskedAgain()
    {
        _rest.IsMute = true;
        _repairs.Start(_entrance);
        Ask(TestMarket.Bitcoin, 11, 12);
        await Until(() => _rest.Asked.Count == 1 && _clock.PendingTimers == 1);
        _rest.IsMute = false;
        _clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal((RepairOutcome.Retrying, "rest-timeout"), ((await AnswersAsync(1))[0].Answer.Outcome, _entrance.Taken.First().Answer.Reason));
        await Until(() => _clock.PendingTimers == 1);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(RepairOutcome.Done, (await AnswersAsync(2))[1].Answer.Outcome);
    }

    [Fact]
    public async Task Request_MoreThanTheQueueHolds_IsAnsweredAtOnce()
    {
        for (var hole = 1; hole <= 4; hole++)
        {
            Ask(TestMarket.Bitcoin, hole * 10, hole * 10);
        }

        _repairs.Start(_entrance);
        var answers = await AnswersAsync(4);
        Assert.Equal("too-many", Assert.Single(answers, one => one.Answer.FromId == 40).Answer.Reason);
        Assert.Equal(3, answers.Count(one => one.Answer.Outcome == RepairOutcome.Done));
    }

    [Fact]
    public async Task Forget_IsNotAskedForAndDisposeEndsWhatIsUnderWay()
    {
        Ask(TestMarket.Bitcoin, 11, 12);
        _repairs.Forget(TestMarket.Bitcoin, 11);
        Ask(TestMarket.Ether, 5, 6);
        _rest.IsMute = true;
        _repairs.Start(_entrance);
        await Until(() => _rest.Asked.Count == 1);
        Assert.Equal("ETHUSDT", _rest.Asked.Single().Symbol);
        await _repairs.DisposeAsync().AsTask().WaitAsync(RealTime.Bound);
        Assert.Empty(_entrance.Taken);
    }

    [Fact]
    public async Task Router_VenueWithoutAWay_GivesTheHoleUp()
    {
        var router = new TradeRepairRouter(_clock);
        router.Start(_entrance);
        router.Request(new RepairRequest(TestMarket.Bitcoin, 11, [new IdRange(11, 12)], 0, 0, 0));
        Assert.Equal((RepairOutcome.Abandoned, "not-repairable"), ((await AnswersAsync(1))[0].Answer.Outcome, _entrance.Taken.First().Answer.Reason));
        router.Add("binance", _repairs);
        router.Request(new RepairRequest(TestMarket.Bitcoin, 11, [new IdRange(11, 12)], 0, 0, 0));
        Assert.Equal(1, _repairs.Waiting);
        router.Forget(TestMarket.Bitcoin, 11);
        Assert.Equal(0, _repairs.Waiting);
    }

    [Fact]
    public async Task Graph_HoleOfTheStream_IsFilledThroughStation3AndAnswersWithoutTradesReachTheLane()
    {
        var sink = new GapSink();
        await using var graph = new PipelineGraph(
            new GraphOptions(), new CandleOptions(), _ => 1, sink, _metrics, _clock, repairs: _repairs,
            repair: new RepairOptions { Hold = TimeSpan.FromSeconds(2) });
        _rest.Exists = id => id is < 20 or > 25;
        _repairs.Start(graph);
        await TakeAsync(graph, 10, 13, 19, 26);
        await Until(() => sink.Ids.Count == 10 + 1);
        Assert.Equal([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 26], sink.Ids);
        Assert.Equal([(11, GapState.Repaired), (14, GapState.Repaired), (20, GapState.VenueSilent)], sink.Gaps.Select(gap => (gap.FromId, gap.State)));

        // Refused: the answer has no trade in it, and ends the hole all the same.
        _rest.Failures.Enqueue(new VenueRestException(VenueRestFailure.Refused, "no"));
        await TakeAsync(graph, 30);
        await Until(() => sink.Ids.Count == 12);
        Assert.Equal([GapState.Open, GapState.Abandoned], sink.Gaps.TakeLast(2).Select(gap => gap.State));
        await graph.CompleteAsync().WaitAsync(RealTime.Bound);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(RealTime.Bound);
        while (!condition())
        {
            bound.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task TakeAsync(PipelineGraph graph, params long[] ids)
    {
        foreach (var id in ids)
        {
            var batch = graph.RentAnswer();
            batch.Source = _source;
            batch.Origin = new FrameOrigin(1, 1, 1);
            batch.ReceivedTime = MarketTime.Now(_clock);
            batch.Add(new VenueTrade(0, id, id, new Number(1, 0), new Number(1, 0), AggressorSide.Buy, 1, TradeKind.Market, id));
            Assert.True(await graph.TakeAsync(batch));
        }
    }

    private void Ask(Instrument instrument, long first, long last) =>
        _repairs.Request(new RepairRequest(instrument, first, [new IdRange(first, last)], 0, 0, MarketTime.Now(_clock)));

    private async Task<List<(RepairAnswer Answer, List<long> Ids, TradeSource Source)>> AnswersAsync(int count)
    {
        await Until(() => _entrance.Taken.Count >= count);
        Assert.Equal(count, _entrance.Taken.Count);
        return [.. _entrance.Taken];
    }

    private long Pages(string outcome) =>
        _metrics.Snapshot().Where(one => one.Name == "pipeline.repair.pages" && one.Detail == outcome).Sum(one => one.Value);

    private sealed class Entrance : IAnswerEntrance
    {
        public ConcurrentQueue<(RepairAnswer Answer, List<long> Ids, TradeSource Source)> Taken { get; } = new();

        public VenueBatch RentAnswer() => new();

        public Task<bool> TakeAsync(VenueBatch answer, CancellationToken cancellation = default)
        {
            Taken.Enqueue((answer.Repair!, [.. answer.Trades.Span.ToArray().Select(trade => trade.Id)], answer.TradeSource));
            return Task.FromResult(true);
        }
    }

    private sealed class GapSink : IMarketSink
    {
        public ConcurrentQueue<long> Ids { get; } = new();

        public ConcurrentQueue<Gap> Gaps { get; } = new();

        public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
        {
            foreach (ref readonly var happened in batch.Events.Span)
            {
                if (happened.Kind == MarketEventKind.Gap)
                {
                    Gaps.Enqueue(batch.Gaps[happened.Index]);
                }
                else if (happened.Kind == MarketEventKind.Trade)
                {
                    Ids.Enqueue(batch.Trades[happened.Index].Id);
                }
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
