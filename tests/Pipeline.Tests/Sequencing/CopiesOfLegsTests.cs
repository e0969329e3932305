using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Sequencing;

/// <summary>What is not a trade and comes over two sockets: each is published once, whatever the lead.</summary>
public sealed class CopiesOfLegsTests : IDisposable
{
    private static readonly CandleInterval Minute = CandleInterval.All[4];

    private readonly PipelineMetrics _metrics = new();
    private readonly Sequencer _sequencer;

    public CopiesOfLegsTests() => _sequencer = new Sequencer(_metrics);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Process_Quotes_FirstCopyWinsAndALaggingLegIsNoNewSeries()
    {
        // The first leg is 50,000 ids ahead: so far below, ids that rise would otherwise be a new series.
        for (var id = 50_001; id <= 50_010; id++)
        {
            Assert.Equal(1, Run(1, batch => batch.Add(Quote(id))));
            Assert.Equal(0, Run(2, batch => batch.Add(Quote(id - 50_000))));
        }

        Assert.Equal((10, 0), (Dropped("duplicate-quote"), Dropped("stale-quote")));
    }

    [Fact]
    public void Process_QuotesThatLagBehindTheirTime_AreNoNewSeriesEither()
    {
        Run(1, batch => batch.Add(Quote(50_001) with { EventTime = 900 }), legs: 1);
        for (var id = 1; id <= 5; id++)
        {
            Assert.Equal(0, Run(2, batch => batch.Add(Quote(id) with { EventTime = 100 + id }), legs: 1));
        }
    }

    [Fact]
    public void Process_TickersMarksAndFunding_PassOnceByTimeAndValue()
    {
        var rows = new[] { (100L, "1"), (200, "2"), (200, "3"), (300, "2") };
        foreach (var (time, value) in rows)
        {
            Assert.Equal(3, Run(1, batch => AddAll(batch, time, value)));
        }

        // All of the second leg's are copies, or older; the first to bring something new wins.
        Assert.Equal(0, Run(2, batch => AddAll(batch, 200, "2")));
        Assert.Equal(0, Run(2, batch => AddAll(batch, 300, "2")));
        Assert.Equal(3, Run(2, batch => AddAll(batch, 400, "2")));
        Assert.Equal(3, Run(2, batch => AddAll(batch, 400, "5")));
        Assert.Equal(0, Run(1, batch => AddAll(batch, 400, "2")));
        Assert.Equal(0, Run(1, batch => AddAll(batch, 400, "5")));
        Assert.Equal((1, 3), (Dropped("stale-ticker"), Dropped("duplicate-ticker")));
        Assert.Equal((1, 3), (Dropped("stale-mark"), Dropped("duplicate-mark")));
        Assert.Equal((1, 3), (Dropped("stale-funding"), Dropped("duplicate-funding")));
    }

    [Fact]
    public void Process_ValuesWithoutATime_OnlyTheLastIsACopy()
    {
        Assert.Equal(3, Run(1, batch => AddAll(batch, 0, "1")));
        Assert.Equal(0, Run(2, batch => AddAll(batch, 0, "1")));
        Assert.Equal(3, Run(1, batch => AddAll(batch, 0, "2")));
        Assert.Equal(3, Run(2, batch => AddAll(batch, 0, "1")));
    }

    [Fact]
    public void Process_Liquidations_EqualRowsOfOneSocketPassAndTheirCopiesDoNot()
    {
        Assert.Equal(3, Run(1, batch =>
        {
            batch.Add(Liquidation("5", 100));
            batch.Add(Liquidation("5", 100));
            batch.Add(Liquidation("6", 100));
        }));
        Assert.Equal(0, Run(2, batch => batch.Add(Liquidation("6", 100))));
        Assert.Equal(0, Run(2, batch => batch.Add(Liquidation("5", 100))));
        Assert.Equal(0, Run(3, batch => batch.Add(Liquidation("5", 100))));
        Assert.Equal(0, Run(2, batch => batch.Add(Liquidation("5", 100))));
        Assert.Equal(1, Run(2, batch => batch.Add(Liquidation("5", 100))));
        Assert.Equal(1, Run(2, batch => batch.Add(Liquidation("5", 101))));
        Assert.Equal(0, Run(1, batch => batch.Add(Liquidation("5", 101))));
        Assert.Equal(5, Dropped("duplicate-liquidation"));
    }

    [Fact]
    public void Process_VenueCandles_ALaggingLegLeadsNobodyBack()
    {
        Assert.Equal(1, Run(1, batch => batch.Add(Candle(60, "10"))));
        Assert.Equal(0, Run(2, batch => batch.Add(Candle(60, "10"))));
        Assert.Equal(1, Run(1, batch => batch.Add(Candle(60, "12"))));
        Assert.Equal(1, Run(1, batch => batch.Add(Candle(60, "13", CandleState.Final))));
        Assert.Equal(0, Run(2, batch => batch.Add(Candle(60, "12"))));
        Assert.Equal(1, Run(1, batch => batch.Add(Candle(120, "1"))));
        Assert.Equal(0, Run(2, batch => batch.Add(Candle(60, "13", CandleState.Final))));
        Assert.Equal(1, Run(2, batch => batch.Add(Candle(120, "2"))));
        Assert.Equal(0, Run(1, batch => batch.Add(Candle(120, "2"))));
        Assert.Equal(1, Run(1, batch => batch.Add(Candle(120, "2") with { Interval = CandleInterval.All[0] })));
        Assert.Equal(4, Dropped("duplicate-candle"));
    }

    [Fact]
    public void Process_VenueCandles_FinalThatTheLeadingLegWasTooLateForPassesOnce()
    {
        Assert.Equal(1, Run(1, batch => batch.Add(Candle(60, "10"))));
        Assert.Equal(1, Run(2, batch => batch.Add(Candle(120, "1"))));
        Assert.Equal(1, Run(1, batch => batch.Add(Candle(60, "11", CandleState.Final))));
        Assert.Equal(0, Run(1, batch => batch.Add(Candle(60, "11", CandleState.Final))));
    }

    /// <summary>Answers of the REST interface come over no socket: the audit has asked for them, and they say what the venue says now.</summary>
    [Fact]
    public void Process_VenueCandles_ThatWereAskedForPassWhenClosedAndChangeNothingForTheStreams()
    {
        Assert.Equal(1, Run(1, batch => batch.Add(Candle(60, "13", CandleState.Final))));
        Assert.Equal(1, Run(1, batch => batch.Add(Candle(120, "1"))));
        Assert.Equal(1, Run(0, batch => batch.Add(Candle(60, "12", CandleState.Final))));
        Assert.Equal(0, Run(0, batch => batch.Add(Candle(120, "2"))));
        Assert.Equal(1, Run(0, batch => batch.Add(Candle(180, "9", CandleState.Final))));
        Assert.Equal(1, Run(1, batch => batch.Add(Candle(120, "2"))));
        Assert.Equal(0, Run(2, batch => batch.Add(Candle(120, "1"))));
    }

    [Fact]
    public void Process_PriceTicksAndPartialBooks_PassOnce()
    {
        for (var n = 1; n <= 5; n++)
        {
            for (var socket = 1; socket <= 2; socket++)
            {
                var left = Run(socket, batch =>
                {
                    batch.Add(new PriceTick(TestMarket.Bitcoin, default, default, n, 0, 0, 0, 0, 0), System.Text.Encoding.ASCII.GetBytes($"s{n}"));
                    batch.Add(new OrderBookUpdate(TestMarket.Bitcoin, BookUpdateKind.Partial, n, n, -1, 0, 0, 0, 0, 0), []);
                });
                Assert.Equal(socket == 1 ? 2 : 0, left);
            }
        }
    }

    [Fact]
    public void RecentIds_CopiesOfTenMinutes_AreKnownAndTheMemoryIsBounded()
    {
        const long Second = 1_000_000;
        var recent = new RecentIds(least: 10, most: 5_000);
        for (var id = 0; id < 1_000; id++)
        {
            Assert.True(recent.TryAdd(id, id * Second));
        }

        Assert.Equal(601, recent.Count);
        Assert.False(recent.TryAdd(399, 1_000 * Second));
        Assert.True(recent.TryAdd(398, 1_000 * Second));
        for (var id = 10_000; id < 20_000; id++)
        {
            recent.TryAdd(id, 1_000 * Second);
        }

        Assert.Equal(5_000, recent.Count);
        Assert.True(RecentIds.DefaultMost >= 600 * 400);
    }

    private static Quote Quote(long id) => new(TestMarket.Bitcoin, id, default, default, default, default, 0, 0);

    private static Liquidation Liquidation(string price, long time) =>
        new(TestMarket.Bitcoin, AggressorSide.Sell, Number.Parse(price), null, Number.Parse("1"), time, 0);

    private static Candle Candle(long openTime, string volume, CandleState state = CandleState.Forming) => new()
    {
        Instrument = TestMarket.Bitcoin,
        Interval = Minute,
        OpenTime = openTime,
        Volume = Number.Parse(volume),
        State = state,
        Source = CandleSource.Venue,
    };

    private static void AddAll(MarketBatch batch, long time, string value)
    {
        batch.Add(new Ticker { Instrument = TestMarket.Bitcoin, EventTime = time, Last = Number.Parse(value), ReceivedTime = batch.Now });
        batch.Add(new MarkPrice { Instrument = TestMarket.Bitcoin, EventTime = time, Mark = Number.Parse(value), ReceivedTime = batch.Now });
        batch.Add(new FundingRate { Instrument = TestMarket.Bitcoin, EventTime = time, Rate = Number.Parse(value), ReceivedTime = batch.Now });
    }

    private int Run(long socket, Action<MarketBatch> fill, int legs = 2)
    {
        var batch = new MarketBatch { Now = 1_000 + socket, Socket = socket, Series = 1, Legs = legs, Connection = "a" };
        fill(batch);
        _sequencer.Process(batch);
        return batch.Events.Count;
    }

    private long Dropped(string reason) =>
        _metrics.Snapshot().Where(sample => sample.Name == "pipeline.graph.dropped" && sample.Detail == reason).Sum(sample => sample.Value);
}
