using System.Text;
using Pipeline.Core.Market;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Tests.Hub;

public sealed class HubStateTests
{
    private const string Btc = "binance:BTC-USDT";

    [Theory]
    [InlineData("trades without colon")]
    [InlineData(":x")]
    [InlineData("x:")]
    public void KeyThatNamesNoStream_IsCountedAndLeftOut(string key)
    {
        var hub = new StillHub();
        hub.Log.Write(TopicKind.Trades, Btc, key, "{}");
        hub.Log.Write(TopicKind.Candles, Btc, $"{Btc}:7m:0", "{}");
        hub.Log.Trade(Btc, 1);
        hub.Start();
        Assert.Equal((2, 1), (hub.State.Counts.Malformed, hub.State.Streams.Count));
        Assert.True(hub.View.IsCaughtUp);
    }

    [Fact]
    public void RecordsThatComeAgain_AreLeftOut()
    {
        var hub = new StillHub();
        hub.Log.Trade(Btc, 1);
        hub.Start();
        hub.State.Take(TopicKind.Trades, hub.Log.All[0].Record);
        Assert.Equal((1, 1), (hub.State.Counts.Repeated, hub.State.Counts.Records));
    }

    [Fact]
    public void CaughtUp_OnlyWhenEveryPartitionIsReadToWhereItsEndWas()
    {
        var log = new MemoryLog();
        log.Trade(Btc, 1);
        log.Trade("okx:ETH-USDT", 1);
        var hub = new StillHub(log);
        hub.Begin();
        Assert.Equal(2, hub.State.Partitions.Behind);
        hub.State.Take(log.All[0].Topic, log.All[0].Record);
        Assert.False(hub.View.IsCaughtUp);

        // The last one is gone by compaction: only the source's word tells that there is nothing more.
        hub.State.Reached(log.All[1].Topic, log.All[1].Record.Partition, 1);
        Assert.True(hub.View.IsCaughtUp);
    }

    [Theory]
    [InlineData("""{"a":1,"state":"final","revision":0}""", "Final")]
    [InlineData("""{"state":"revised","x":"a very long text that pushes the state out of the last bytes of the record, so that only the search through the whole of it can find where it stands ........................................................"}""", "Revised")]
    [InlineData("""{"note":"\"state\":\"final\"","state":"forming"}""", "Forming")]
    public void Facts_AreFoundWhereverTheyStand(string value, string state)
    {
        var facts = RecordFacts.Of(DataKind.Candle, Encoding.UTF8.GetBytes($"{Btc}:1m:42"), Encoding.UTF8.GetBytes(value));
        Assert.Equal((state, 42), (facts.State.ToString(), facts.OpenTime));
    }

    [Fact]
    public void Boards_TellHealthHolesStatusAndRates()
    {
        var hub = new StillHub();
        hub.Log.Trade(Btc, 1);
        hub.Log.Health(Btc, "trade", "stale", "probe-behind");
        hub.Log.Health(Btc, "candle:1m", "starting", "asked");
        hub.Log.Health(Btc, "mark", "fresh");
        hub.Log.Gap(Btc, 5, "open");
        hub.Log.Gap(Btc, 9, "abandoned");
        hub.Log.Status("c1", "binance");
        hub.Start();
        hub.Advance(TimeSpan.FromSeconds(3));

        var board = hub.Board.Newest!;
        var rows = board.Streams.ToDictionary(row => row.Stream);
        Assert.Equal([$"{Btc}:candle:1m", $"{Btc}:gap", $"{Btc}:health", $"{Btc}:trade"], rows.Keys.Order(StringComparer.Ordinal));
        var trade = rows[$"{Btc}:trade"];
        Assert.Equal((HealthState.Stale, "probe-behind", 3_000_000L, 0L), (trade.State, trade.Reason, trade.Age, trade.Seq));
        Assert.Equal(trade.LastReceivedTime, trade.LastEventTime);
        Assert.Equal((-1L, -1L), (rows[$"{Btc}:candle:1m"].Age, rows[$"{Btc}:candle:1m"].Seq));
        Assert.Equal((5L, 9L), (Assert.Single(board.OpenGaps).FromId, Assert.Single(board.RecentGaps).FromId));
        Assert.Equal("c1:binance", Assert.Single(board.Status).Key);
        Assert.Equal(($"{Btc}:trade", "probe-behind"), board.Stale.Select(one => (one.Stream, one.Reason)).Single());
    }

    [Fact]
    public void Board_IsWrittenOnceASecond_SomeStreamsATurn()
    {
        var hub = new StillHub();
        for (var i = 0; i < 1000; i++)
        {
            hub.Log.Trade($"binance:C{i}-USDT", 1);
        }

        hub.Start();
        var first = hub.Board.Newest!;
        Assert.Equal((1000, 1000L, "log-1"), (first.Streams.Count, first.Records, first.LogId));
        hub.Log.Trade("binance:C0-USDT", 2);
        hub.Read();
        hub.Clock.Advance(TimeSpan.FromMilliseconds(999));
        hub.State.TakeTime();
        Assert.Equal(HubWork.None, hub.State.Turn());
        Assert.Same(first, hub.Board.Newest);

        hub.Clock.Advance(TimeSpan.FromMilliseconds(1));
        hub.State.TakeTime();
        var turns = 1;
        while (hub.State.Turn() == HubWork.More)
        {
            Assert.Same(first, hub.Board.Newest);
            turns++;
        }

        Assert.InRange(turns, 5, 10);
        Assert.Equal((2L, 1001L), (hub.Board.Newest!.Streams[0].Records, hub.Board.Newest.Records));
        Assert.Equal(1L, first.Streams[0].Records);
    }

    [Fact]
    public void CandleTail_KeepsTheNewestOfEachCandleUntilItIsReleased()
    {
        var hub = new StillHub(options: new HubOptions { KeepCandles = true }).Start();
        var series = new CandleSeries(Btc, CandleInterval.Parse("1m"));
        hub.Log.Candle(Btc, "1m", 0, "forming");
        hub.Log.Candle(Btc, "1m", 0, "final");
        hub.Log.Candle(Btc, "1m", 60_000_000, "forming");
        hub.Log.Candle(Btc, "1m", 0, "revised", revision: 1);
        hub.Log.Candle(Btc, "1m", 60_000_000, "forming");
        hub.Read();
        hub.Advance(TimeSpan.FromHours(1));
        var partition = hub.View.PartitionOf(series);

        Assert.Equal([(0L, 3L), (60_000_000L, 4L)], hub.View.CandlesAfter(series, partition, -1).Select(one => (one.OpenTime, one.Offset)));
        Assert.Equal([4L], hub.View.CandlesAfter(series, partition, 3).Select(one => one.Offset));
        hub.View.ReleaseCandles(partition, 3);
        Assert.Equal([4L], hub.View.CandlesAfter(series, partition, -1).Select(one => one.Offset));
        Assert.Equal(1, hub.View.KeptCandles);
    }

    [Fact]
    public void CandleTail_WithoutHistoryIsBoundedByTheReplayWindow()
    {
        var hub = new StillHub().Start();
        hub.Log.Candle(Btc, "1m", 0, "final");
        hub.Read();
        Assert.Equal(1, hub.View.KeptCandles);
        hub.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0, hub.View.KeptCandles);
    }

    [Fact]
    public void Tap_SeesEveryRecordInOrder_AlsoThoseOfTheBeginning()
    {
        var tap = new ListTap();
        var hub = new StillHub(taps: [tap]);
        hub.Log.Candle(Btc, "1m", 60_000_000, "final");
        hub.Log.Instrument("binance", "BTC-USDT", "BTCUSDT");
        hub.Log.Trade(Btc, 1);
        hub.Start();
        hub.Log.Candle(Btc, "1m", 120_000_000, "forming");
        hub.Read();

        Assert.Equal(
            ["log log-1", "Candles binance:BTC-USDT 1m 60000000 Final", "Instruments binance:BTC-USDT  0 None", "Trades binance:BTC-USDT  0 None", "caught up", "Candles binance:BTC-USDT 1m 120000000 Forming"],
            tap.Seen);
    }

    private sealed class ListTap : IRecordTap
    {
        public List<string> Seen { get; } = [];

        public void OnLog(LogBeginning log) => Seen.Add($"log {log.LogId}");

        public void OnRecord(in StreamRecord record) =>
            Seen.Add(FormattableString.Invariant($"{record.Topic} {record.Instrument} {record.Interval} {record.OpenTime} {record.State}"));

        public void OnCaughtUp() => Seen.Add("caught up");
    }
}
