using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using static Pipeline.Tests.Market.TestMarket;

namespace Pipeline.Tests.Candles;

/// <summary>
/// Trades that come long after the candles that count them: of holes in which the venue had nothing and then had something, of holes found
/// behind windows that the clock carried on. What was told of a window and is wrong is told again, once, with the next number.
/// </summary>
public sealed class CandleHoleTests : IDisposable
{
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;
    private static readonly long Start = At("2023-04-05T00:00:00Z");

    private readonly PipelineMetrics _metrics = new();
    private readonly CandleWorld _world;
    private readonly List<Trade> _sent = [];

    public CandleHoleTests()
    {
        var intervals = new[] { "1s", "1m", "5m", "1h" }.Select(CandleInterval.Parse);
        _world = new CandleWorld(new CandleOptions { Intervals = [.. intervals], Live = [] }, _metrics);
        _world.Tell(Start, Bitcoin, HealthState.Fresh, Start);
    }

    public void Dispose() => _metrics.Dispose();

    /// <summary>An audit finds what is missing when the venue's candle is there: of an hour that is more than an hour later.</summary>
    [Theory]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(75, false)]
    [InlineData(75, true)]
    public void SilentHole_OpenedAgainLater_EveryCandleCountsWhatCame(int minutes, bool isRestarted)
    {
        Live(1, 10, 2, 70, 3, 100);
        Silent(4, 100.5, 102);
        Live(5, 102);
        LiveEvery(10 * Second, 110, minutes * 60);
        Restart(isRestarted);
        Reopen(4, 100.5, 102);
        Restart(isRestarted);
        Repaired(Of(4, 101, "105"));
        Mended(4, 100.5, 102);
        LiveEvery(10 * Second, (minutes * 60) + 10, (minutes * 60) + 400);
        AssertFolded();
        Assert.Equal(0, Remarks("unrevisable"));
        Assert.Equal(1, Of("1m", 60).Revision);
    }

    /// <summary>Each time the venue shows one more of what it had kept back.</summary>
    [Fact]
    public void SilentHole_OpenedAgainTwice_RevisesTwice()
    {
        Live(1, 10, 2, 70, 3, 100);
        Silent(4, 100.5, 103, last: 5);
        Live(6, 103);
        LiveEvery(10 * Second, 110, 1_000);
        Reopen(4, 100.5, 103, last: 5);
        Repaired(Of(5, 102, "105"));
        Send(GapOf(4, 5, 100.5, 103, GapState.VenueSilent, 4, 4));
        LiveEvery(10 * Second, 1_010, 2_000);
        Reopen(4, 100.5, 103, last: 4);
        Repaired(Of(4, 101, "95"));
        Mended(4, 100.5, 103, last: 5);
        LiveEvery(10 * Second, 2_010, 2_100);
        AssertFolded();
        Assert.Equal(2, Of("1m", 60).Revision);
    }

    /// <summary>The carried minutes stand behind a trade that was not the last of its minute.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void SilentHole_OpenedAgainBeforeCarriedWindows_TheyCarryTheNewPrice(bool isInTime, bool isRestarted)
    {
        Live(1, 10, 2, 70);
        if (isInTime)
        {
            Pass(400);
            Silent(3, 70, 400);
            Live(4, 400);
        }
        else
        {
            Pass(400);
            Send(GapOf(3, 3, 70, 400, GapState.Open, 3, 3));
            Send(Of(4, 400) with { AfterGap = true });
            Send(GapOf(3, 3, 70, 400, GapState.VenueSilent, 3, 3));
        }

        LiveEvery(10 * Second, 410, 1_500);
        Assert.Equal("100", $"{Of("1m", 240).Close}");
        Restart(isRestarted);
        Reopen(3, 70, 400);
        Repaired(Of(3, 110, "105"));
        Mended(3, 70, 400);
        LiveEvery(10 * Second, 1_510, 1_600);
        AssertFolded();
        foreach (var minute in new[] { 120, 180, 240, 300 })
        {
            Assert.Equal(("105", 1, true, 0L), ($"{Of("1m", minute).Close}", Of("1m", minute).Revision, Of("1m", minute).Complete, Of("1m", minute).Trades));
        }
    }

    [Fact]
    public void SilentHole_TradeInTheMidstOfCarriedWindows_ThoseBeforeItStayAsTheyAre()
    {
        Live(1, 10, 2, 70);
        Pass(500);
        Silent(3, 70, 500);
        Live(4, 500);
        LiveEvery(10 * Second, 510, 1_500);
        Reopen(3, 70, 500);
        Repaired(Of(3, 250, "105"));
        Mended(3, 70, 500);
        LiveEvery(10 * Second, 1_510, 1_600);
        AssertFolded();
        Assert.Equal(
            ["120 100 r0", "180 100 r0", "240 105 r1", "300 105 r1", "360 105 r1", "420 105 r1"],
            new[] { 120, 180, 240, 300, 360, 420 }.Select(at => $"{at} {Of("1m", at).Close} r{Of("1m", at).Revision}"));
    }

    /// <summary>The instrument is quiet and carried again; the window that ends the hole is not empty for that.</summary>
    [Fact]
    public void SilentHole_OpenedAgainWhileQuiet_WindowsBehindItKeepTheirTrades()
    {
        Live(1, 10, 2, 70, 3, 100);
        Silent(4, 100, 125);
        Live(5, 125);
        LiveEvery(10 * Second, 130, 900);
        Pass(1_500);
        Reopen(4, 100, 125);
        Repaired(Of(4, 121, "105"));
        Mended(4, 100, 125);
        LiveEvery(10 * Second, 1_510, 1_600);
        AssertFolded();
        Assert.Equal(1, Of("1m", 120).Revision);
    }

    /// <summary>Which hole that is nobody remembers: the candle was told as final and is forgotten; a second final would be wrong.</summary>
    [Fact]
    public void Hole_OpenedBehindForgottenWindows_IsCountedAndMakesNoFinalAnew()
    {
        Live(1, 10, 2, 70);
        LiveEvery(10 * Second, 80, 600);
        Reopen(5, 80, 190);
        var before = _world.Records.Count;
        Repaired(Of(5, 150, "105"));
        Mended(5, 80, 190);
        Assert.DoesNotContain(_world.Records.Skip(before), one => one.Interval.Name is "1s" or "1m");
        Assert.Equal(2, Remarks("unrevisable"));
    }

    /// <summary>The clock carried minutes on, then a hole was found there and nobody could fill it: they are not known to be empty.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hole_GivenUpBehindCarriedWindows_TheyAreNotComplete(bool isAnnounced)
    {
        Live(1, 10, 2, 70);
        Pass(400);
        Assert.True(Of("1m", 240).Complete);
        if (isAnnounced)
        {
            Send(GapOf(3, 3, 70, 400, GapState.Open, 3, 3));
        }

        Send(Of(4, 400) with { AfterGap = true });
        if (isAnnounced)
        {
            Send(GapOf(3, 3, 70, 400, GapState.Abandoned, 3, 3));
        }

        LiveEvery(10 * Second, 410, 800);
        Assert.All(new[] { 60, 120, 180, 240, 300, 360 }, at => Assert.False(Of("1m", at).Complete));
        Assert.All(new[] { 420, 480, 540 }, at => Assert.True(Of("1m", at).Complete));
        Assert.False(Of("5m", 0).Complete);
        Assert.False(Of("5m", 300).Complete);
    }

    /// <summary>Ids rise and times do not quite: a repaired trade of a window that repair has just gone beyond.</summary>
    [Fact]
    public void Repair_NextIdALittleEarlierInTime_CountsInItsWindow()
    {
        Live(1, 10, 2, 70);
        Send(GapOf(3, 20, 70, 600, GapState.Open, 3, 20));
        Send(Of(21, 600) with { AfterGap = true });
        LiveEvery(10 * Second, 610, 900, firstId: 22);
        Repaired(Of(3, 130), Of(4, 180.001));
        Pass(905);
        Repaired(Of(5, 179.999, "105"), Of(6, 180.5), Of(7, 182), Of(8, 181.5, "90"));
        Repaired([.. Enumerable.Range(9, 12).Select(id => Of(id, 200 + id))]);
        Mended(3, 70, 600, last: 20);
        LiveEvery(10 * Second, 910, 1_000, firstId: 60);
        AssertFolded();
        Assert.Equal(0, Remarks("unrevisable"));
    }

    /// <summary>A window that was carried, then counted a trade, and was held no more: it is not carried a second time.</summary>
    [Fact]
    public void CarriedWindow_RecalledTwice_NumbersItsRevisionsOneByOneAndLosesNothing()
    {
        Live(1, 10);
        Pass(700);
        Send(Of(2, 130, "105"));
        Send(Of(3, 720));
        Send(Of(4, 725));
        Send(Of(5, 140, "106"));
        Send(Of(6, 200, "107"));
        LiveEvery(10 * Second, 730, 900, firstId: 7);
        AssertFolded();
        Assert.Equal(2, Of("1m", 120).Revision);
    }

    /// <summary>What is held for audits is bounded: beyond it the hole is forgotten, not the numbers of its candles.</summary>
    [Fact]
    public void SilentHoles_Many_TheOldestAreLetGo()
    {
        Live(1, 10);
        var id = 2;
        for (var i = 0; i < 40; i++, id += 2)
        {
            Silent(id, 10 + (i * 20), 30 + (i * 20));
            Live(id + 1, 30 + (i * 20));
        }

        LiveEvery(10 * Second, 820, 1_200);
        var states = new MarketBatch { Now = _world.Now, IsCheckpoint = true };
        states.Add(new InstrumentState(Bitcoin));
        _world.Take(states);
        Assert.InRange(states.States[0].Candles!.Windows.Count, 16, 16 * 25);
    }

    private static Trade Of(long id, double seconds, string price = "100") =>
        Trade(Bitcoin, id, Start + (long)(seconds * Second), price, "2", id % 3 == 0 ? AggressorSide.Sell : AggressorSide.Buy);

    private static Gap GapOf(long first, long last, double from, double to, GapState state, params long[] missing) => new(
        Bitcoin, first, last, state, "stream", missing.Length == 0 ? [] : [new IdRange(missing[0], missing[^1])], 0,
        Start + (long)(from * Second), Start + (long)(to * Second), 0, 0, IsAnnounced: true);

    private void Live(params double[] idsAndSeconds)
    {
        for (var i = 0; i < idsAndSeconds.Length; i += 2)
        {
            Send(Of((long)idsAndSeconds[i], idsAndSeconds[i + 1]));
        }
    }

    private void LiveEvery(long pause, int from, int to, long firstId = -1)
    {
        var id = firstId >= 0 ? firstId : _sent.Max(trade => trade.Id) + 1;
        for (var time = from; time <= to; time += (int)(pause / Second))
        {
            Send(Of(id++, time, $"{100 + (id % 7)}"));
        }
    }

    private void Send(Trade trade)
    {
        _sent.Add(trade);
        _world.Send(Math.Max(_world.Now, trade.EventTime), trade);
    }

    private void Send(Gap gap) => _world.Send(_world.Now, gap with { OpenedTime = _world.Now, UpdatedTime = _world.Now });

    private void Pass(double seconds) => _world.RunTo(Start + (long)(seconds * Second));

    private void Silent(long first, double from, double to, long last = -1)
    {
        Pass(to);
        Send(GapOf(first, Math.Max(first, last), from, to, GapState.VenueSilent, first, Math.Max(first, last)) with { IsAnnounced = false });
    }

    private void Reopen(long first, double from, double to, long last = -1) =>
        Send(GapOf(first, Math.Max(first, last), from, to, GapState.Open, first, Math.Max(first, last)) with { Reason = "audit" });

    private void Mended(long first, double from, double to, long last = -1) =>
        Send(GapOf(first, Math.Max(first, last), from, to, GapState.Repaired));

    private void Repaired(params Trade[] trades)
    {
        var repaired = trades.Select(trade => trade with { Source = TradeSource.Repair }).ToArray();
        _sent.AddRange(repaired);
        _world.Send(_world.Now, repaired);
    }

    private void Restart(bool isWanted)
    {
        if (isWanted)
        {
            _world.Restart(Bitcoin);
            _world.Tell(_world.Now, Bitcoin, HealthState.Fresh, _sent.Max(trade => trade.EventTime));
        }
    }

    private Candle Of(string interval, int seconds) => _world.Last[(Bitcoin, CandleInterval.Parse(interval), Start + (seconds * Second))];

    private void AssertFolded()
    {
        var newest = _sent.Max(trade => trade.EventTime);
        foreach (var (key, row) in NaiveFold.Of(_sent))
        {
            if (_world.Last.TryGetValue((Bitcoin, key.Interval, key.OpenTime), out var candle))
            {
                Assert.True(row == NaiveFold.Of(candle), $"{row}\nis not\n{candle}");
                Assert.Equal(key.OpenTime > Start && key.OpenTime != key.Interval.OpenOf(_sent[0].EventTime), candle.Complete);
            }
            else
            {
                Assert.True(
                    key.Interval.Microseconds > 3_600_000_000 || key.Interval.Name is not ("1s" or "1m" or "5m" or "1h")
                    || key.OpenTime + key.Interval.Microseconds > newest,
                    $"no record of {key}");
            }
        }
    }

    private long Remarks(string what) =>
        _metrics.Snapshot().Where(one => one.Name == "pipeline.candles.remarks" && one.Detail == what).Sum(one => one.Value);
}
