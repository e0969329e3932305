using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;
using Pipeline.TestKit;

namespace Pipeline.Tests.Feeds.Freshness;

public sealed class StreamActivityTests
{
    private static readonly Number One = new(1, 0);

    private readonly StreamActivity _activity = new();
    private readonly VenueBatch _batch = new();
    private long _now = 1_794_900_000_000_000;

    private static readonly Instrument Contiguous = new(0, "binance", "BTC-USDT", "BTCUSDT");
    private static readonly Instrument Ranges = new(1, "okx", "BTC-USDT", "BTC-USDT", new SequenceRules(IdDiscipline.Ranges, BookRule.Chain));
    private static readonly Instrument Hashes = new(2, "bybit", "BTC-USDT", "BTCUSDT", new SequenceRules(IdDiscipline.Unordered, BookRule.Resend));

    [Fact]
    public void Carries_IdsOneByOne_OnceTheFirstFollowsWhatOlderSocketsBrought()
    {
        var trades = Stream(Contiguous, StreamChannel.Trade);
        Assert.False(_activity.Carries(trades, 1));
        Trade(Contiguous, socket: 1, id: 100);
        Assert.True(_activity.Carries(trades, 1));
        Assert.False(_activity.Carries(trades, 2));
        Trade(Contiguous, socket: 2, id: 103);
        Assert.False(_activity.Carries(trades, 2));
        Trade(Contiguous, socket: 1, id: 101);
        Assert.False(_activity.Carries(trades, 2));
        Trade(Contiguous, socket: 1, id: 102);
        Assert.True(_activity.Carries(trades, 2));
    }

    [Fact]
    public void Carries_ThreeSockets_CountsWhatTheOldestStillBrings()
    {
        var trades = Stream(Contiguous, StreamChannel.Trade);
        Trade(Contiguous, socket: 1, id: 100);
        Trade(Contiguous, socket: 2, id: 100);
        Trade(Contiguous, socket: 5, id: 102);
        Assert.False(_activity.Carries(trades, 5));
        Trade(Contiguous, socket: 1, id: 101);
        Assert.True(_activity.Carries(trades, 5));
        Assert.True(_activity.Carries(trades, 2));
        Assert.False(_activity.Carries(trades, 1));
    }

    [Fact]
    public void Carries_RowsThatStandForRanges_TakesTheirFirstId()
    {
        var trades = Stream(Ranges, StreamChannel.Trade);
        Trade(Ranges, socket: 1, id: 110, first: 105);
        Trade(Ranges, socket: 2, id: 120, first: 112);
        Assert.False(_activity.Carries(trades, 2));
        Trade(Ranges, socket: 1, id: 111, first: 111);
        Assert.True(_activity.Carries(trades, 2));
    }

    [Theory]
    [InlineData(StreamChannel.Trade)]
    [InlineData(StreamChannel.Quote)]
    public void Carries_IdsThatTellNothing_OnceItBroughtData(StreamChannel channel)
    {
        var stream = Stream(Hashes, channel);
        Bring(Hashes, channel, socket: 1, id: 900);
        Assert.False(_activity.Carries(stream, 2));
        Bring(Hashes, channel, socket: 2, id: 950);
        Assert.True(_activity.Carries(stream, 2));
    }

    [Fact]
    public void Carries_Book_OnceAnUpdateBuildsOnWhatOlderSocketsBrought()
    {
        var book = Stream(Contiguous, StreamChannel.Book);
        Book(Contiguous, socket: 1, first: 10, last: 20);
        Book(Contiguous, socket: 2, first: 31, last: 40);
        Assert.False(_activity.Carries(book, 2));
        Book(Contiguous, socket: 1, first: 21, last: 30);
        Assert.True(_activity.Carries(book, 2));

        // An update that names the one before it, and a snapshot, which builds on nothing.
        Book(Contiguous, socket: 3, first: 90, last: 95, previous: 40);
        Assert.True(_activity.Carries(book, 3));
        Book(Contiguous, socket: 4, first: 200, last: 200, kind: BookUpdateKind.Snapshot);
        Assert.True(_activity.Carries(book, 4));
    }

    [Fact]
    public void Carries_StreamWithoutOneInstrument_IsNeverProven()
    {
        Trade(Contiguous, socket: 1, id: 1);
        Assert.False(_activity.Carries(new FeedStream("!miniTicker@arr", null, StreamChannel.Ticker, "ticker", 0), 1));
    }

    [Fact]
    public void Note_AnswerToARequest_DoesNotCount()
    {
        Trade(Contiguous, socket: 0, id: 500);
        Assert.Null(_activity.Find(Contiguous, StreamKind.Trade));
    }

    [Fact]
    public void Note_CandlesByInterval_AreStreamsOfTheirOwn()
    {
        var minute = CandleInterval.Parse("1m");
        Begin(Contiguous, 1);
        _batch.Add(new VenueCandle(0, minute, _now, One, One, One, One, default, default, null, 1, 1, 1, false, _now));
        End();
        Assert.True(_activity.Carries(Stream(Contiguous, StreamChannel.VenueCandle, "candle:1m"), 1));
        Assert.False(_activity.Carries(Stream(Contiguous, StreamChannel.VenueCandle, "candle:5m"), 1));
    }

    [Fact]
    public void NewestId_OldOnesAndANewSeries_FollowsTheVenue()
    {
        Trade(Contiguous, socket: 1, id: 1_000_000);
        Trade(Contiguous, socket: 1, id: 999_998);
        var trace = _activity.Find(Contiguous, StreamKind.Trade)!;
        Assert.Equal(1_000_000, trace.NewestId);
        Enumerable.Range(1, 3).ToList().ForEach(id => Trade(Contiguous, socket: 1, id));
        Assert.Equal(3, trace.NewestId);
    }

    [Fact]
    public void LongestSilence_IsForgottenAfterAnHour()
    {
        var trace = _activity.Of(Contiguous, StreamKind.Trade);
        Trade(Contiguous, 1, 1);
        Assert.Equal(0, trace.LongestSilence);
        Pass(30);
        Trade(Contiguous, 1, 2);
        for (var id = 3; id < 100; id++)
        {
            Pass(2);
            Trade(Contiguous, 1, id);
            Assert.Equal(30_000_000, trace.LongestSilence);
        }

        for (var id = 100; id < 2000; id++)
        {
            Pass(2);
            Trade(Contiguous, 1, id);
        }

        Assert.Equal(2_000_000, trace.LongestSilence);
    }

    [Fact]
    public void LongestSilence_BetweenSeriesOrForgiven_DoesNotCount()
    {
        var trace = _activity.Of(Contiguous, StreamKind.Trade);
        Trade(Contiguous, 1, 1);
        Pass(60);
        Trade(Contiguous, 2, 2);
        Assert.Equal(0, trace.LongestSilence);
        Pass(60);
        trace.ForgiveBefore(_now);
        Pass(60);
        Trade(Contiguous, 2, 3);
        Assert.Equal(0, trace.LongestSilence);
        Pass(1);
        Trade(Contiguous, 2, 4);
        Assert.Equal(1_000_000, trace.LongestSilence);
    }

    [Fact]
    public void Note_KnownStreams_AllocatesNothing()
    {
        Begin(Contiguous, 1);
        for (var id = 1; id <= 100; id++)
        {
            _batch.Add(new VenueTrade(0, id, id, One, One, AggressorSide.Buy, 1, TradeKind.Market, _now));
            _batch.Add(new VenueQuote(0, id, One, One, One, One, _now));
        }

        _activity.Note(_batch);
        var allocated = Allocations.Least(
            () =>
            {
                for (var i = 0; i < 200; i++)
                {
                    _batch.ReceivedTime += 1_000_000;
                    _activity.Note(_batch);
                }
            },
            rounds: 5);

        Assert.Equal(0, allocated);
        Assert.Equal(100_100, _activity.Find(Contiguous, StreamKind.Trade)!.Count);
    }

    [Fact]
    public async Task Read_WhileAnotherThreadWrites_NeverGoesBack()
    {
        var trace = _activity.Of(Contiguous, StreamKind.Trade);
        var stream = Stream(Contiguous, StreamChannel.Trade);
        using var done = new CancellationTokenSource();
        var reads = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reader = Task.Run(() =>
        {
            var (count, id, looks) = (0L, long.MinValue, 0);
            while (!done.IsCancellationRequested)
            {
                var (nextCount, nextId) = (trace.Count, trace.NewestId);
                Assert.True(nextCount >= count && nextId >= id);
                (count, id, looks) = (nextCount, nextId, looks + 1);
                _activity.Carries(stream, 1);
                reads.TrySetResult();
            }

            return looks;
        });
        await reads.Task.WaitAsync(RealTime.Bound);
        for (var id = 1; id <= 200_000; id++)
        {
            Trade(Contiguous, 1 + (id / 50_000), id);
        }

        await done.CancelAsync();
        Assert.True(await reader > 0);
        Assert.Equal((200_000, 200_000), (trace.Count, trace.NewestId));
    }

    private static FeedStream Stream(Instrument instrument, StreamChannel channel, string dataType = "x") =>
        new("stream", instrument, channel, dataType, 0);

    private void Pass(int seconds) => _now += seconds * 1_000_000L;

    private void Trade(Instrument instrument, long socket, long id, long? first = null)
    {
        Begin(instrument, socket);
        _batch.Add(new VenueTrade(0, id, first ?? id, One, One, AggressorSide.Buy, 1, TradeKind.Market, _now));
        End();
    }

    private void Book(
        Instrument instrument, long socket, long first, long last, long previous = -1, BookUpdateKind kind = BookUpdateKind.Update)
    {
        Begin(instrument, socket);
        _batch.Add(new VenueBookUpdate(0, kind, first, last, previous, 0, 0, 0, _now));
        End();
    }

    private void Bring(Instrument instrument, StreamChannel channel, long socket, long id)
    {
        if (channel == StreamChannel.Trade)
        {
            Trade(instrument, socket, id);
            return;
        }

        Begin(instrument, socket);
        _batch.Add(new VenueQuote(0, id, One, One, One, One, _now));
        End();
    }

    private void Begin(Instrument instrument, long socket)
    {
        var symbols = new SymbolTable();
        symbols.Add(instrument);
        _batch.Source = new FeedSource(instrument.Venue, "c", null, symbols, 1);
        _batch.Origin = new FrameOrigin(socket, socket, 1);
        _batch.ReceivedTime = _now;
    }

    private void End()
    {
        _activity.Note(_batch);
        _batch.Release();
    }
}
