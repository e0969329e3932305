using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Tests.Kafka;
using static Pipeline.Tests.Market.TestMarket;

namespace Pipeline.Tests.Candles;

/// <summary>What the venue tells of the time before a series: whole windows as it gave them, first windows completed exactly.</summary>
public sealed class CandlePastTests : IDisposable
{
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;

    private static readonly CandleInterval OneMinute = CandleInterval.Parse("1m");
    private static readonly long Start = At("2026-11-18T09:17:23Z");

    private readonly PipelineMetrics _metrics = new();
    private readonly Backfill _backfill = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Publish_FirstWindows_AreCompletedByTheVenuesCandlesAndEqualTheFoldOfAllTrades()
    {
        // One trade every seven seconds since the Monday before; we came for those from 09:17:23 on.
        var all = Enumerable.Range(0, 60_000).Select(i => Of(i, At("2026-11-16T00:00:03Z") + (i * 7 * Second))).ToList();
        var windows = Make(new CandleOptions { Backfill = true, Live = [] });
        var records = new List<Candle>();
        var hasAnswered = false;
        foreach (var trade in all.Where(trade => trade.EventTime >= Start))
        {
            records.AddRange(Send(windows, trade.EventTime, batch => batch.Add(trade)));
            if (trade.EventTime >= At("2026-11-18T09:18:05Z") && !hasAnswered)
            {
                hasAnswered = true;
                var wish = Assert.Single(_backfill.Wishes);
                Assert.Equal((null, At("2026-11-16T00:00:00Z"), At("2026-11-18T09:18:00Z")), (wish.Interval, wish.From, wish.To));
                records.AddRange(Send(windows, trade.EventTime, batch => batch.Past = Answer(wish, all)));
            }
        }

        var newest = records.GroupBy(one => (one.Interval, one.OpenTime)).Select(group => group.Last()).ToList();
        foreach (var interval in CandleInterval.All.Where(one => one.Microseconds >= Minute && one.Name != "1w"))
        {
            var first = newest.Where(one => one.Interval == interval).MinBy(one => one.OpenTime);
            var expected = Fold(interval, interval.OpenOf(Start), all);
            Assert.Equal(Text(expected), Text(first));
            Assert.Equal((interval.OpenOf(Start), CandleSource.Mixed, true), (first.OpenTime, first.Source, first.Complete));
            var second = newest.Where(one => one.Interval == interval).OrderBy(one => one.OpenTime).ElementAt(1);
            Assert.Equal((Text(Fold(interval, second.OpenTime, all)), CandleSource.Trades), (Text(second), second.Source));
        }

        Assert.All(newest.Where(one => one.Interval.Microseconds < Minute && one.OpenTime == one.Interval.OpenOf(Start)), one => Assert.False(one.Complete));
        Assert.Equal(1, records.Count(one => one.State == CandleState.Revised && one.Interval == OneMinute));
    }

    [Fact]
    public void Publish_RestartBeforeTheAnswer_AsksAgainAndCompletesTheSame()
    {
        var all = Enumerable.Range(0, 2_000).Select(i => Of(i, At("2026-11-18T08:00:03Z") + (i * 7 * Second))).ToList();
        var options = new CandleOptions { Backfill = true, Live = [], Intervals = [OneMinute, CandleInterval.Parse("5m"), CandleInterval.Parse("1h")] };
        var windows = Make(options);
        var later = all.Where(trade => trade.EventTime >= Start).ToList();
        later.Take(4).ToList().ForEach(trade => Send(windows, trade.EventTime, batch => batch.Add(trade)));
        var state = Save(windows, later[3].EventTime);
        Assert.NotNull(state.Start);

        windows = Make(options, state);
        var records = later.Skip(4).SelectMany(trade => Send(windows, trade.EventTime, batch =>
        {
            batch.Add(trade);
            batch.Past = trade == later[20] ? Answer(_backfill.Wishes[^1], all) : null;
        })).ToList();
        Assert.Equal(2, _backfill.Wishes.Count);
        Assert.Equal(_backfill.Wishes[0], _backfill.Wishes[1]);
        foreach (var interval in options.Intervals)
        {
            var first = records.Last(one => one.Interval == interval && one.OpenTime == interval.OpenOf(Start));
            Assert.Equal((Text(Fold(interval, first.OpenTime, all)), true), (Text(first), first.Complete));
        }

        Assert.Null(Save(windows, later[^1].EventTime).Start);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Publish_RowMissingOrCountNotTold_IsNotCalledComplete(bool isMissing)
    {
        var all = Enumerable.Range(0, 2_000).Select(i => Of(i, At("2026-11-18T08:00:03Z") + (i * 7 * Second))).ToList();
        var windows = Make(new CandleOptions { Backfill = true, Live = [], Intervals = [CandleInterval.Parse("1h")] });
        var records = all.Where(trade => trade.EventTime >= Start).SelectMany((trade, i) => Send(windows, trade.EventTime, batch =>
        {
            batch.Add(trade);
            if (i == 20)
            {
                var answer = Answer(_backfill.Wishes[0], all);
                batch.Past = answer with
                {
                    Rows = isMissing
                        ? [.. answer.Rows.Where((_, row) => row != 4)]
                        : [.. answer.Rows.Select(row => row with { Trades = -1, TakerBuyVolume = null })],
                };
            }
        })).ToList();
        var first = records[0];
        Assert.False(first.Complete);
        Assert.Equal(isMissing ? CandleSource.Trades : CandleSource.Mixed, first.Source);
        Assert.Equal(isMissing, Text(first) != Text(Fold(first.Interval, first.OpenTime, all)) && first.Trades >= 0);
        Assert.Equal(isMissing ? null : $"{Fold(first.Interval, first.OpenTime, all).Volume}", isMissing ? null : $"{first.Volume}");
    }

    /// <summary>A minute is missing below: the day would be whole if the hour below it were.</summary>
    [Fact]
    public void Publish_RowMissingBelow_LongerWindowsAreNotCalledComplete()
    {
        var all = Enumerable.Range(0, 20_000).Select(i => Of(i, At("2026-11-18T00:00:03Z") + (i * 7 * Second))).ToList();
        var windows = Make(new CandleOptions { Backfill = true, Live = [], Intervals = [OneMinute, CandleInterval.Parse("1h"), CandleInterval.Parse("1d")] });
        var records = Complete(windows, all.Where(trade => trade.EventTime >= Start), all, answer => answer with
        {
            Rows = [.. answer.Rows.Where(row => row.OpenTime != At("2026-11-18T09:03:00Z"))],
        });
        foreach (var interval in new[] { "1h", "1d" }.Select(CandleInterval.Parse))
        {
            var first = records.Last(one => one.Interval == interval && one.OpenTime == interval.OpenOf(Start));
            Assert.False(first.Complete, $"{first}");
        }
    }

    /// <summary>The venue's candles count it: neither before they came nor behind that, through a restart, is it counted again.</summary>
    [Theory]
    [InlineData("2026-11-18T09:16:59.9Z", 1)]
    [InlineData("2026-11-18T09:17:59.9Z", 12)]
    [InlineData("2026-11-18T09:16:59.9Z", 12)]
    public void Publish_LateTradeOfTheTimeThatTheVenueTold_IsCountedOnce(string time, int at)
    {
        var all = Enumerable.Range(0, 2_000).Select(i => Of(i, At("2026-11-18T08:00:03Z") + (i * 7 * Second))).ToList();
        var later = all.Where(trade => trade.EventTime >= Start).ToList();
        var late = later[at] with { EventTime = At(time) };
        all[all.IndexOf(later[at])] = late;
        later[at] = late;
        var options = new CandleOptions { Backfill = true, Live = [], Intervals = [OneMinute, CandleInterval.Parse("5m"), CandleInterval.Parse("1h")] };
        var windows = Make(options);
        var records = Complete(windows, later.Take(10), all);
        windows = Make(options, Save(windows, later[9].EventTime));
        records.AddRange(later.Skip(10).SelectMany(trade => Send(windows, trade.EventTime, batch => batch.Add(trade))));
        foreach (var interval in options.Intervals.Skip(1))
        {
            var first = records.Last(one => one.Interval == interval && one.OpenTime == interval.OpenOf(Start));
            Assert.Equal((Text(Fold(interval, first.OpenTime, all)), true), (Text(first), first.Complete));
        }
    }

    private List<Candle> Complete(CandleWindows windows, IEnumerable<Trade> trades, List<Trade> all, Func<CandleAnswer, CandleAnswer>? change = null)
    {
        var records = new List<Candle>();
        foreach (var (trade, i) in trades.Select((trade, i) => (trade, i)))
        {
            records.AddRange(Send(windows, Math.Max(trade.EventTime, Start), batch =>
            {
                batch.Add(trade);
                if (i == 2)
                {
                    var answer = Answer(_backfill.Wishes[0], all);
                    batch.Past = change?.Invoke(answer) ?? answer;
                }
            }));
        }

        return records;
    }

    [Fact]
    public void Take_History_IsWrittenOnceOldestFirstAndRememberedThroughARestart()
    {
        var options = new CandleOptions { Live = [], Intervals = [OneMinute], History = new Dictionary<CandleInterval, int> { [OneMinute] = 5 } };
        var windows = Make(options);
        Send(windows, Start, batch => batch.Add(Of(1, Start)));
        var wish = Assert.Single(_backfill.Wishes);
        Assert.Equal((OneMinute, At("2026-11-18T09:12:00Z"), At("2026-11-18T09:17:00Z")), (wish.Interval, wish.From, wish.To));
        var rows = Enumerable.Range(-1, 8).Select(i => Row(OneMinute, wish.From + (i * Minute), [])).ToList();

        var written = Send(windows, Start, batch => batch.Past = new CandleAnswer(wish, rows[1..4], IsLast: false));
        Assert.Equal([0, 1, 2], written.Select(one => (one.OpenTime - wish.From) / Minute));
        Assert.All(written, one => Assert.Equal((CandleState.Final, CandleSource.Venue, true), (one.State, one.Source, one.Complete)));

        windows = Make(options, Save(windows, Start));
        Send(windows, Start + Second, batch => batch.Add(Of(2, Start + Second)));
        Assert.Equal(wish with { From = wish.From + (3 * Minute) }, _backfill.Wishes[^1]);
        written = Send(windows, Start, batch => batch.Past = new CandleAnswer(_backfill.Wishes[^1], rows, IsLast: true));
        Assert.Equal([3, 4], written.Select(one => (one.OpenTime - wish.From) / Minute));

        windows = Make(options, Save(windows, Start + Second));
        Send(windows, Start + (2 * Second), batch => batch.Add(Of(3, Start + (2 * Second))));
        Assert.Equal(2, _backfill.Wishes.Count);
    }

    private static string Text(Candle one) =>
        $"{one.Interval} {one.OpenTime} {one.Open} {one.High} {one.Low} {one.Close} {one.Volume} {one.QuoteVolume} {one.TakerBuyVolume} {one.Trades}";

    private static Trade Of(int i, long time) => Trade(
        i + 1, time, $"{100 + (i * 37 % 91)}.{i % 10}", $"0.{1 + (i % 9)}", i % 3 == 0 ? AggressorSide.Buy : AggressorSide.Sell);

    private static Trade Trade(long id, long time, string price, string quantity, AggressorSide side) => Market.TestMarket.Trade(Bitcoin, id, time, price, quantity, side);

    private static CandleAnswer Answer(CandleWish wish, List<Trade> all) => new(
        wish,
        [
            .. CandleStart.Pieces(wish.From, wish.To).SelectMany(piece => Enumerable
                .Range(0, (int)((piece.To - piece.From) / piece.Interval.Microseconds))
                .Select(i => Fold(piece.Interval, piece.From + (i * piece.Interval.Microseconds), all))),
        ],
        IsLast: true);

    private static Candle Fold(CandleInterval interval, long openTime, List<Trade> all) =>
        Row(interval, openTime, [.. all.Where(trade => trade.EventTime >= openTime && trade.EventTime < openTime + interval.Microseconds)]);

    private static Candle Row(CandleInterval interval, long openTime, IReadOnlyList<Trade> trades)
    {
        var sum = new CandleSum();
        foreach (var trade in trades)
        {
            sum.Add(trade, isOrderedById: true);
        }

        return new Candle(
            Bitcoin, interval, openTime, sum.Open, sum.High, sum.Low, sum.Close, sum.Volume, sum.QuoteVolume, sum.TakerBuyVolume, sum.Trades, -1, -1,
            CandleState.Final, 0, true, 1, CandleSource.Venue, 0);
    }

    private static List<Candle> Send(CandleWindows windows, long now, Action<MarketBatch> fill)
    {
        var batch = new MarketBatch { Now = now };
        fill(batch);
        windows.Process(batch);
        return [.. batch.Candles.Span];
    }

    private static CandleSeriesState Save(CandleWindows windows, long now)
    {
        var batch = new MarketBatch { Now = now, IsCheckpoint = true };
        batch.Add(new InstrumentState(Bitcoin));
        windows.Process(batch);
        return StateCodec.Through(batch.States[0]).Candles!;
    }

    private CandleWindows Make(CandleOptions options, CandleSeriesState? state = null) =>
        new(new CandleSettings(options), _metrics, restore: _ => state, backfill: _backfill);

    private sealed class Backfill : ICandleBackfill
    {
        public List<CandleWish> Wishes { get; } = [];

        public void Request(CandleWish wish) => Wishes.Add(wish);
    }
}
