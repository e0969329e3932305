using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Tests.Market;
using static Pipeline.Tests.Market.TestMarket;

namespace Pipeline.Tests.Candles;

public sealed class CandleWindowsTests : IDisposable
{
    private readonly PipelineMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Process_TradePastTheEnd_FinalisesTheWindowLeftClosed()
    {
        var windows = CreateSut("1m");
        var candles = Run(
            windows,
            Trade(1, "2023-04-05T00:00:30Z", "100", "1"),
            Trade(2, "2023-04-05T00:00:59.999Z", "103", "2", AggressorSide.Sell),
            Trade(3, "2023-04-05T00:01:00Z", "99", "5"),
            Trade(4, "2023-04-05T00:01:10Z", "98", "1"),
            Trade(5, "2023-04-05T00:02:00Z", "97", "1"));
        var second = Assert.Single(candles, c => c.State == CandleState.Final && c.OpenTime == At("2023-04-05T00:01:00Z"));
        Assert.Equal("99 99 98 98", $"{second.Open} {second.High} {second.Low} {second.Close}");
        Assert.Equal("6 593 6", $"{second.Volume} {second.QuoteVolume} {second.TakerBuyVolume}");
        Assert.Equal((2, 3, 4, true), (second.Trades, second.FirstId, second.LastId, second.Complete));
        Assert.Equal(At("2023-04-05T00:02:00Z"), second.CloseTime);
    }

    /// <summary>OKX BTC-USDT-SWAP: one contract is 0.01 BTC, and volCcyQuote of its candles is in USDT.</summary>
    [Fact]
    public void Process_QuantitiesInContracts_QuoteVolumeIsMoneyInAllIntervals()
    {
        var swap = new Instrument(0, "okx", "BTC-USDT-PERP", "BTC-USDT-SWAP", contractSize: Number.Parse("0.01"));
        var start = At("2023-04-05T00:00:00Z");
        var candles = Run(
            CreateSut("1m", "3m"),
            Trade(swap, 1, start, "60000", "12.5"),
            Trade(swap, 2, start + 60_000_000, "60000.2", "3"),
            Trade(swap, 3, start + 180_000_000));
        var longer = Assert.Single(candles, c => c.State == CandleState.Final && c.Interval.Name == "3m");
        Assert.Equal("15.5 9300.006", $"{longer.Volume} {longer.QuoteVolume}");
        Assert.Equal("7500", $"{candles.First(c => c.State == CandleState.Final).QuoteVolume}");
    }

    [Fact]
    public void Settings_IntervalsThatChange_NewOnesBeginIncompleteAndOldOnesEndWithTheirFinal()
    {
        var settings = new CandleSettings(Options("1m", "5m"));
        var windows = new CandleWindows(settings, _metrics);
        Run(windows, Trade(1, "2023-04-05T00:00:10Z"), Trade(2, "2023-04-05T00:00:20Z"));

        settings.Current = Options("5m", "15m");
        var first = Run(windows, Trade(3, "2023-04-05T00:00:30Z"));
        Assert.Equal(["5m Forming", "15m Forming"], first.Select(c => $"{c.Interval} {c.State}"));
        var longer = first[1];
        Assert.Equal((3, false), (longer.Trades, longer.Complete));

        // The minute that was open is said to its end and no further; what is rolled up of it stays exact.
        var later = Run(windows, Trade(4, "2023-04-05T00:01:00Z"), Trade(5, "2023-04-05T00:02:00Z"), Trade(6, "2023-04-05T00:05:00Z"));
        var finals = later.Where(c => c.State == CandleState.Final).ToList();
        Assert.Equal(["1m 3", "5m 5"], finals.Select(c => $"{c.Interval} {c.Trades}"));
        Assert.DoesNotContain(later, c => c.Interval.Name == "1m" && c.State == CandleState.Forming);
        var end = Run(windows, Trade(7, "2023-04-05T00:15:00Z"), Trade(8, "2023-04-05T00:30:00Z")).Where(c => c.State == CandleState.Final).ToList();
        Assert.Equal(
            ["5m 1 True", "15m 6 False", "5m 1 True", "15m 1 True"], end.Select(c => $"{c.Interval} {c.Trades} {c.Complete}"));
    }

    [Fact]
    public void Settings_IntervalThatIsLeftOutAndComesBack_GoesOnWhereTheLongerOnesNeededIt()
    {
        var settings = new CandleSettings(Options("1m", "5m"));
        var windows = new CandleWindows(settings, _metrics);
        Run(windows, Trade(1, "2023-04-05T00:00:10Z"));
        settings.Current = Options("5m");
        Run(windows, Trade(2, "2023-04-05T00:01:10Z"), Trade(3, "2023-04-05T00:02:10Z"));
        settings.Current = Options("1m", "5m");

        var candles = Run(windows, Trade(4, "2023-04-05T00:02:20Z"), Trade(5, "2023-04-05T00:03:00Z"));
        var final = Assert.Single(candles, c => c.State == CandleState.Final);
        Assert.Equal(("1m", 2, true), (final.Interval.Name, final.Trades, final.Complete));
    }

    [Fact]
    public void Settings_ShorterIntervalAndOtherPace_HoldFromTheNextTrade()
    {
        var settings = new CandleSettings(Options("1m") with { Live = [] });
        var windows = new CandleWindows(settings, _metrics);
        Assert.Empty(Run(windows, Trade(1, "2023-04-05T00:00:10Z")));
        settings.Current = Options("1s", "1m");

        var candles = Run(windows, Trade(2, "2023-04-05T00:00:20Z"), Trade(3, "2023-04-05T00:00:21Z"), Trade(4, "2023-04-05T00:00:22Z"));
        var finals = candles.Where(c => c.State == CandleState.Final).ToList();
        Assert.Equal(["1s 2 False", "1s 3 True"], finals.Select(c => $"{c.Interval} {c.FirstId} {c.Complete}"));
        Assert.Contains(candles, c => c.Interval.Name == "1m" && c.State == CandleState.Forming && c.Trades == 4);
    }

    [Fact]
    public void Forget_Instrument_SaysNothingOfItsWindowsAndBeginsAnew()
    {
        var windows = CreateSut("1m");
        Run(windows, Trade(1, "2023-04-05T00:00:10Z"), Trade(2, "2023-04-05T00:00:10.001Z"));
        windows.Forget(Bitcoin);
        var tick = Batch(At("2023-04-05T00:00:59Z"));
        windows.Process(tick);
        Assert.Equal(0, tick.Candles.Count);

        var candle = Run(windows, Trade(9, "2023-04-05T00:01:10Z"), Trade(10, "2023-04-05T00:02:00Z")).First(c => c.State == CandleState.Final);
        Assert.Equal((9, false), (candle.FirstId, candle.Complete));
    }

    [Fact]
    public void Process_IdsWithoutOrder_OpenAndCloseAreTheFirstAndLastToCome()
    {
        var bybit = new Instrument(0, "bybit", "BTC-USDT", "BTCUSDT", new SequenceRules(IdDiscipline.Unordered, BookRule.Resend));
        var start = At("2023-04-05T00:00:00Z");
        var candles = Run(
            CreateSut("1s", "5s"),
            Trade(bybit, 900, start, "100"),
            Trade(bybit, 7, start + 1_000_000, "101"),
            Trade(bybit, 500, start + 2_000_000, "102"),
            Trade(bybit, 1, start + 5_000_000, "103"),
            Trade(bybit, 2, start + 6_000_000, "103"));
        var longer = Assert.Single(candles, c => c.State == CandleState.Final && c.Interval.Name == "5s");
        Assert.Equal("100 102", $"{longer.Open} {longer.Close}");
        Assert.Equal((-1, -1, 3, CandleSource.Trades), (longer.FirstId, longer.LastId, longer.Trades, longer.Source));
    }

    [Fact]
    public void Process_PriceBehindAGap_MarksTheRunningWindow()
    {
        var windows = CreateSut("1m");
        var start = At("2023-04-05T00:00:00Z");
        var finals = new List<bool>();
        foreach (var (minute, isAfterGap) in new[] { (0, false), (1, false), (2, false), (2, true), (3, false), (4, false), (5, false) })
        {
            var time = start + (minute * 60_000_000L);
            var batch = Batch(time);
            batch.Add(new PriceTick(Bitcoin, default, Number.Parse("5"), minute, 0, 0, 0, time, time) { AfterGap = isAfterGap }, []);
            windows.Process(batch);
            finals.AddRange(Candles(batch).Where(candle => candle.State == CandleState.Final).Select(candle => candle.Complete));
        }

        Assert.Equal([false, true, false, true], finals);
    }

    [Fact]
    public void Process_FirstWindow_IsNotComplete()
    {
        var candles = Run(CreateSut("1m"), Trade(1, "2023-04-05T00:00:00Z"), Trade(2, "2023-04-05T00:01:00Z"));
        Assert.False(Assert.Single(candles, c => c.State == CandleState.Final).Complete);
    }

    [Fact]
    public void Process_Hole_MarksTheWindowsItMayTouch()
    {
        var candles = Run(
            CreateSut("1m"),
            Trade(1, "2023-04-05T00:00:00Z"),
            Trade(2, "2023-04-05T00:01:00Z"),
            Trade(9, "2023-04-05T00:02:00Z") with { AfterGap = true },
            Trade(10, "2023-04-05T00:03:00Z"),
            Trade(11, "2023-04-05T00:04:00Z"));
        var finals = candles.Where(c => c.State == CandleState.Final).Select(c => (c.FirstId, c.Complete));
        Assert.Equal([(1, false), (2, false), (9, false), (10, true)], finals);
    }

    [Fact]
    public void Process_BoundaryOfManyIntervals_FinalisesShortestFirstAndBeforeForming()
    {
        var windows = CreateSut("1s", "1m", "5m", "15m", "1h", "1d");
        Run(windows, Trade(1, "2023-04-05T23:59:59Z"));
        var candles = Run(windows, Trade(2, "2023-04-06T00:00:00Z"));
        Assert.Equal(
            ["1s Final", "1m Final", "5m Final", "15m Final", "1h Final", "1d Final"],
            candles.Take(6).Select(c => $"{c.Interval} {c.State}"));
        Assert.All(candles.Skip(6), c => Assert.Equal(CandleState.Forming, c.State));
    }

    [Fact]
    public void Process_AllIntervals_EqualANaiveFold()
    {
        var random = new Random(5);
        var time = At("2023-04-02T21:00:00Z");
        var trades = new List<Trade>();
        for (var id = 1; id <= 6_000; id++)
        {
            // Bursts, pauses of minutes and some of hours: windows of every length close, many after empty ones.
            time += random.Next(10) == 0 ? random.Next(1, 600_000_000) : random.Next(0, 900_000);
            var price = new Number(random.Next(2_000_000, 3_000_000), 2);
            var quantity = new Number(random.Next(1, 5_000), 5);
            trades.Add(new Trade(
                Bitcoin, id, id, price, quantity, random.Next(2) == 0 ? AggressorSide.Buy : AggressorSide.Sell, 1, TradeKind.Market,
                time, time, TradeSource.Live, false));
        }

        var candles = Run(CreateSut([.. CandleInterval.All.Select(i => i.Name)]), [.. trades]);
        var finals = candles.Where(c => c.State == CandleState.Final).ToDictionary(c => (c.Interval, c.OpenTime));
        var expected = NaiveFold.Of(trades);
        var open = expected.Keys.GroupBy(key => key.Interval).Select(group => group.MaxBy(key => key.OpenTime)).ToHashSet();
        Assert.Equal(expected.Count - open.Count, finals.Count);
        foreach (var (key, candle) in finals)
        {
            Assert.Equal(expected[key], NaiveFold.Of(candle));
        }
    }

    [Fact]
    public void Process_RolledUpForming_CountsWhatIsStillOpenBelow()
    {
        var windows = CreateSut("1s", "1m", "1h");
        Run(windows, Trade(1, "2023-04-05T00:00:00Z", "100"), Trade(2, "2023-04-05T00:00:01Z", "105"));
        var batch = Batch(At("2023-04-05T00:10:00Z"), Trade(3, "2023-04-05T00:02:00.5Z", "90"));
        windows.Process(batch);
        var hour = Candles(batch).Last(c => c.Interval.Name == "1h");
        Assert.Equal("100 105 90 90 3", $"{hour.Open} {hour.High} {hour.Low} {hour.Close} {hour.Trades}");
    }

    [Fact]
    public void Process_ManyChanges_FormingIsConflatedToItsPace()
    {
        var windows = CreateSut("1m");
        var start = At("2023-04-05T00:00:00Z");
        var formed = new List<(long At, long LastId)>();
        for (var i = 0; i < 100; i++)
        {
            var now = start + (i * 10_000);
            var batch = Batch(now, Trade(Bitcoin, i + 1, now));
            windows.Process(batch);
            formed.AddRange(Candles(batch).Select(c => ((now - start) / 1000, c.LastId)));
        }

        Assert.Equal([(0, 1), (250, 26), (500, 51), (750, 76)], formed);
    }

    [Fact]
    public void Process_TickAtTheDeadline_BringsTheLastValue()
    {
        var windows = CreateSut("1m");
        var start = At("2023-04-05T00:00:00Z");
        windows.Process(Batch(start, Trade(Bitcoin, 1, start, "100")));
        Assert.Equal(start + 70_000_000, windows.NextDeadline);
        windows.Process(Batch(start + 1000, Trade(Bitcoin, 2, start + 1000, "101")));
        Assert.Equal(start + 250_000, windows.NextDeadline);

        var tick = Batch(windows.NextDeadline);
        windows.Process(tick);
        var formed = Assert.Single(Candles(tick));
        Assert.Equal(("101", CandleState.Forming, 2), (formed.Close.ToString(), formed.State, formed.Updates));
        Assert.Equal(start + 70_000_000, windows.NextDeadline);
    }

    [Fact]
    public void Process_WindowClosedWhileForming_IsHeldBack_NeverFormsAfterItsFinal()
    {
        var windows = CreateSut("1s");
        var start = At("2023-04-05T00:00:00Z");
        windows.Process(Batch(start, Trade(Bitcoin, 1, start)));
        windows.Process(Batch(start + 900_000, Trade(Bitcoin, 2, start + 900_000)));
        windows.Process(Batch(start + 950_000, Trade(Bitcoin, 3, start + 950_000)));
        var closing = Batch(start + 1_000_000, Trade(Bitcoin, 4, start + 1_000_000));
        windows.Process(closing);
        var tick = Batch(start + 5_000_000);
        windows.Process(tick);
        Assert.Equal(
            [(start, CandleState.Final), (start + 1_000_000, CandleState.Forming)],
            Candles(closing).Concat(Candles(tick)).Select(c => (c.OpenTime, c.State)));
    }

    [Fact]
    public void Process_LateTrade_ReachesTheOpenLongerWindowsOnceAndIsCounted()
    {
        var windows = CreateSut("1s", "1m", "1h");
        Run(windows, Trade(1, "2023-04-05T00:00:58Z"), Trade(2, "2023-04-05T00:00:59Z"), Trade(3, "2023-04-05T00:00:58.5Z"));
        var finals = Run(windows, Trade(4, "2023-04-05T01:00:00Z")).Where(c => c.State == CandleState.Final).ToList();
        Assert.Equal(1, _metrics.Snapshot().Single(s => s.Name == "pipeline.candles.late").Value);
        Assert.Equal([("1s", 1), ("1m", 3), ("1h", 3)], finals.Select(c => (c.Interval.Name, c.Trades)));
    }

    [Fact]
    public void Process_TradeFromTheFuture_IsCountedAndClosesNothing()
    {
        var windows = CreateSut("1m");
        Run(windows, Trade(1, "2023-04-05T00:00:00Z"));
        var now = At("2023-04-05T00:00:10Z");
        windows.Process(Batch(now, Trade(Bitcoin, 2, At("2099-01-01T00:00:00Z"))));
        var candles = Run(windows, Trade(3, "2023-04-05T00:00:20Z"), Trade(4, "2023-04-05T00:01:00Z"));
        Assert.Equal([(1L, 3L)], candles.Where(c => c.State == CandleState.Final).Select(c => (c.FirstId, c.LastId)));
        Assert.Equal(1, _metrics.Snapshot().Single(s => s is { Name: "pipeline.graph.dropped", Detail: "future-trade" }).Value);
    }

    [Fact]
    public void Process_ClockSetBack_FormingGoesOn()
    {
        var windows = CreateSut("1h");
        var start = At("2023-04-05T00:30:00Z");
        windows.Process(Batch(start, Trade(Bitcoin, 1, start)));
        windows.Process(Batch(start + 100_000, Trade(Bitcoin, 2, start + 100_000)));
        var back = Batch(start - 600_000_000, Trade(Bitcoin, 3, start + 200_000));
        windows.Process(back);
        Assert.Equal(3, Assert.Single(Candles(back)).LastId);
    }

    [Fact]
    public void Process_PriceTicks_MakeCandlesWithoutVolume()
    {
        var windows = CreateSut("1s", "1m");
        var start = At("2023-04-05T00:00:00Z");
        (double Second, string Price)[] ticks = [(0, "5"), (10, "7"), (20, "0.0000123"), (59, "6"), (60, "8"), (61, "8")];
        var finals = new List<Candle>();
        foreach (var (second, price) in ticks)
        {
            var time = start + (long)(second * 1_000_000);
            var batch = Batch(time);
            batch.Add(new PriceTick(Bitcoin, ProgramEvent.BuySellEvent, Number.Parse(price), (long)second, 0, 0, 0, time, time), []);
            windows.Process(batch);
            finals.AddRange(Candles(batch).Where(candle => candle.State == CandleState.Final));
        }

        var minute = Assert.Single(finals, candle => candle.Interval.Name == "1m");
        Assert.Equal("5 7 0.0000123 6", $"{minute.Open} {minute.High} {minute.Low} {minute.Close}");
        Assert.Equal("0 0 0", $"{minute.Volume} {minute.QuoteVolume} {minute.TakerBuyVolume}");
        Assert.Equal((0, -1, -1, CandleSource.Prices), (minute.Trades, minute.FirstId, minute.LastId, minute.Source));
        Assert.Equal(4, finals.Count(candle => candle.Interval.Name == "1s"));
    }

    [Fact]
    public void Process_RowsOfSeveralIds_CandleBeginsWithTheFirstOfThem()
    {
        var candles = Run(
            CreateSut("1m"),
            Trade(9, "2023-04-05T00:00:00Z") with { FirstId = 5, Fills = 5 },
            Trade(12, "2023-04-05T00:00:30Z") with { FirstId = 10, Fills = 3 },
            Trade(13, "2023-04-05T00:01:00Z"));
        var final = Assert.Single(candles, candle => candle.State == CandleState.Final);
        Assert.Equal((5, 12, 8, CandleSource.Trades), (final.FirstId, final.LastId, final.Trades, final.Source));
    }

    [Fact]
    public void Process_CandlesOfSeveralVenues_AreCountedUnderTheirOwn()
    {
        var windows = CreateSut("1m", "1h");
        var other = new Instrument(1, "okx", "BTC-USDT", "BTC-USDT");
        var start = At("2023-04-05T00:00:00Z");
        windows.Process(Batch(start, Trade(Bitcoin, 1, start), Trade(other, 1, start)));
        windows.Process(Batch(start + 60_000_000, Trade(other, 2, start + 60_000_000), Trade(Bitcoin, 2, start + 1_000_000)));
        var counted = _metrics.Snapshot().Where(s => s.Name == "pipeline.candles.records").ToDictionary(s => (s.Tag, s.Detail), s => s.Value);
        Assert.Equal(4, counted[("binance", "forming")]);
        Assert.Equal(4, counted[("okx", "forming")]);
        Assert.Equal(1, counted[("okx", "final")]);
        Assert.False(counted.ContainsKey(("binance", "final")));
    }

    private static List<Candle> Run(CandleWindows windows, params Trade[] trades)
    {
        var candles = new List<Candle>();
        foreach (var trade in trades)
        {
            var batch = Batch(trade.EventTime, trade);
            windows.Process(batch);
            candles.AddRange(Candles(batch));
        }

        return candles;
    }

    private static List<Candle> Candles(MarketBatch batch) =>
        [.. batch.Events.Span.ToArray().Where(e => e.Kind == MarketEventKind.Candle).Select(e => batch.Candles[e.Index])];

    private static CandleOptions Options(params string[] intervals)
    {
        CandleInterval[] parsed = [.. intervals.Select(CandleInterval.Parse)];
        return new CandleOptions { Intervals = parsed, Live = parsed, Empty = EmptyCandles.None };
    }

    private CandleWindows CreateSut(params string[] intervals) => new(Options(intervals), _metrics);
}
