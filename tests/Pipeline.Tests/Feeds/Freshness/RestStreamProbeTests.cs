using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Freshness;

public sealed class RestStreamProbeTests
{
    private const long Start = 1_767_225_600_000_000;
    private static readonly Number One = new(1, 0);

    private readonly TestTimeProvider _time = new();
    private readonly StreamActivity _activity = new();
    private readonly ScriptedRest _rest = new();
    private readonly FakeStreamProbe _otherwise = new() { Answer = ProbeResult.Unknown };

    private static readonly Instrument Bitcoin = new(0, "binance", "BTC-USDT", "BTCUSDT");
    private static readonly Instrument Hashes = new(0, "binance", "BTC-USDT", "BTCUSDT", new SequenceRules(IdDiscipline.Unordered, BookRule.Resend));

    [Fact]
    public async Task Trades_NewestIdIsTheStreams_IsUpToDate()
    {
        Trade(Bitcoin, id: 7, at: 10);
        _rest.Trades.Enqueue((7, Start + 10));
        Assert.Equal(ProbeResult.UpToDate, await ProbeAsync(Bitcoin, StreamChannel.Trade));
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
    }

    [Fact]
    public async Task Trades_NewerOneNeverComes_IsBehind()
    {
        Trade(Bitcoin, id: 7, at: 10);
        _rest.Trades.Enqueue((8, Start + 20_000_000));
        Assert.Equal(ProbeResult.Behind, await ProbeAsync(Bitcoin, StreamChannel.Trade));
        Assert.Equal(RestStreamProbe.Overtake, _time.Elapsed);
    }

    [Fact]
    public async Task Trades_AnswerOvertakesTheStream_IsUpToDate()
    {
        Trade(Bitcoin, id: 7, at: 10);
        _rest.Trades.Enqueue((8, Start + 20_000_000));
        Assert.Equal(ProbeResult.UpToDate, await ProbeAsync(Bitcoin, StreamChannel.Trade, meanwhile: () => Trade(Bitcoin, id: 8, at: 20_000_000)));
    }

    [Fact]
    public async Task Trades_MissedBeforeTheAck_AreNotThePresentStreamsFault()
    {
        Trade(Bitcoin, id: 7, at: 10);
        _rest.Trades.Enqueue((50, Start + 30_000_000));
        Assert.Equal(ProbeResult.UpToDate, await ProbeAsync(Bitcoin, StreamChannel.Trade, since: Start + 40_000_000));
    }

    [Fact]
    public async Task Trades_NoneSinceTheAckButTheVenueHas_IsBehind()
    {
        _rest.Trades.Enqueue((50, Start + 30_000_000));
        Assert.Equal(ProbeResult.Behind, await ProbeAsync(Bitcoin, StreamChannel.Trade, since: Start + 20_000_000));
    }

    [Fact]
    public async Task Trades_IdsTellNothing_ComparesTimes()
    {
        Trade(Hashes, id: 999, at: 10_000_000);
        _rest.Trades.Enqueue((5, Start + 10_000_000));
        Assert.Equal(ProbeResult.UpToDate, await ProbeAsync(Hashes, StreamChannel.Trade));
        _rest.Trades.Enqueue((6, Start + 12_000_000));
        Assert.Equal(ProbeResult.Behind, await ProbeAsync(Hashes, StreamChannel.Trade));
    }

    [Theory]
    [InlineData(70, ProbeResult.UpToDate)]
    [InlineData(69, ProbeResult.UpToDate)]
    [InlineData(71, ProbeResult.Behind)]
    public async Task Book_IdOfTheAnswer_IsComparedWithTheStreams(long id, ProbeResult expected)
    {
        Book(last: 70, at: 10);
        _rest.Books.Enqueue((id, "5"));
        Assert.Equal(expected, await ProbeAsync(Bitcoin, StreamChannel.Book));
    }

    [Theory]
    [InlineData(500, ProbeResult.UpToDate)]
    [InlineData(501, ProbeResult.Behind)]
    public async Task Book_NothingSinceTheAck_IsBehindIfTheBookMoves(long later, ProbeResult expected)
    {
        _rest.Books.Enqueue((500, "5"));
        _rest.Books.Enqueue((later, "5"));
        Assert.Equal(expected, await ProbeAsync(Bitcoin, StreamChannel.Book));
    }

    [Fact]
    public async Task Quote_BestLevels_AreComparedByValue()
    {
        Quote("5", at: 10);
        _rest.Books.Enqueue((1, "5.0"));
        Assert.Equal(ProbeResult.UpToDate, await ProbeAsync(Bitcoin, StreamChannel.Quote));
        _rest.Books.Enqueue((2, "6"));
        _rest.Books.Enqueue((3, "5"));
        Assert.Equal(ProbeResult.UpToDate, await ProbeAsync(Bitcoin, StreamChannel.Quote));
        _rest.Books.Enqueue((4, "6"));
        _rest.Books.Enqueue((5, "6"));
        Assert.Equal(ProbeResult.Behind, await ProbeAsync(Bitcoin, StreamChannel.Quote));
        _rest.Books.Enqueue((6, "6"));
        _rest.Books.Enqueue((7, "6"));
        Assert.Equal(ProbeResult.UpToDate, await ProbeAsync(Bitcoin, StreamChannel.Quote, meanwhile: () => Quote("6", at: 20)));
    }

    [Theory]
    [InlineData(14, ProbeResult.UpToDate)]
    [InlineData(16, ProbeResult.Behind)]
    public async Task Ticker_TradeAfterIt_ShowsThatItIsBehind(int tradeAt, ProbeResult expected)
    {
        Begin(at: 10_000_000);
        _batch.Add(new VenueTicker(0, One, null, null, null, null, null, One, One, One, default, null, Start));
        End();
        _rest.Trades.Enqueue((1, Start + (tradeAt * 1_000_000)));
        Assert.Equal(expected, await ProbeAsync(Bitcoin, StreamChannel.Ticker));
    }

    [Fact]
    public async Task Any_VenueDoesNotAnswer_AsksTheOther()
    {
        _otherwise.Answer = ProbeResult.Behind;
        Assert.Equal(ProbeResult.Behind, await ProbeAsync(Bitcoin, StreamChannel.Trade));
        Assert.Equal(ProbeResult.Behind, await ProbeAsync(Bitcoin, StreamChannel.MarkPrice));
        Assert.Equal(2, _otherwise.Asked.Count);
    }

    [Theory]
    [InlineData(StreamChannel.Quote, 16, ProbeResult.Behind)]
    [InlineData(StreamChannel.Quote, 14, ProbeResult.Unknown)]
    [InlineData(StreamChannel.MarkPrice, 16, ProbeResult.Unknown)]
    public async Task Canary_TradesRunOn_ShowsThatAStreamThatFollowsThemIsBehind(StreamChannel channel, int tradeAt, ProbeResult expected)
    {
        Quote("5", at: 10_000_000);
        Trade(Bitcoin, id: 1, at: tradeAt * 1_000_000);
        var sut = new CanaryProbe(_activity);
        Assert.Equal(expected, await sut.ProbeAsync(Stream(Bitcoin, channel), Start, CancellationToken.None));
    }

    private readonly VenueBatch _batch = new();

    private static FeedStream Stream(Instrument instrument, StreamChannel channel) => new("stream", instrument, channel, "x", 0);

    private async Task<ProbeResult> ProbeAsync(Instrument instrument, StreamChannel channel, long since = Start, Action? meanwhile = null)
    {
        var symbols = new SymbolTable();
        symbols.Add(instrument);
        var source = new FeedSource("binance", "binance-rest", null, symbols, 1);
        var sut = new RestStreamProbe(_rest, source, "aggTrade", _activity, _otherwise, _time);
        var probing = sut.ProbeAsync(Stream(instrument, channel), since, CancellationToken.None);
        using var bound = new CancellationTokenSource(RealTime.Bound);
        while (!probing.IsCompleted)
        {
            if (_time.PendingTimers == 0)
            {
                // It goes on in a thread of the pool, and has not come to its next wait yet.
                await Task.WhenAny(probing, Task.Delay(1, bound.Token));
                bound.Token.ThrowIfCancellationRequested();
                continue;
            }

            meanwhile?.Invoke();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return await probing;
    }

    private void Trade(Instrument instrument, long id, long at)
    {
        Begin(at, instrument);
        _batch.Add(new VenueTrade(0, id, id, One, One, AggressorSide.Buy, 1, TradeKind.Market, Start + at));
        End();
    }

    private void Quote(string bid, long at)
    {
        Begin(at);
        _batch.Add(new VenueQuote(0, 1, Number.Parse(bid), One, One, One, Start + at));
        End();
    }

    private void Book(long last, long at)
    {
        Begin(at);
        _batch.Add(new VenueBookUpdate(0, BookUpdateKind.Update, last, last, -1, 0, 0, 0, Start + at));
        End();
    }

    private void Begin(long at, Instrument? instrument = null)
    {
        var symbols = new SymbolTable();
        symbols.Add(instrument ?? Bitcoin);
        _batch.Source = new FeedSource("binance", "c", null, symbols, 1);
        _batch.Origin = new FrameOrigin(1, 1, 1);
        _batch.ReceivedTime = Start + at;
    }

    private void End()
    {
        _activity.Note(_batch);
        _batch.Release();
    }

    /// <summary>Answers what is queued, and is not to be reached when nothing is.</summary>
    private sealed class ScriptedRest : IVenueRest
    {
        public string Venue => "binance";

        public Queue<(long Id, long Time)> Trades { get; } = new();

        public Queue<(long Id, string Bid)> Books { get; } = new();

        public Task<int> GetTradesAsync(
            string symbol, string tradeSource, long? fromId, int limit, VenueBatch into, CancellationToken cancellation)
        {
            var (id, time) = Next(Trades);
            into.Add(new VenueTrade(0, id, id, One, One, AggressorSide.Buy, 1, TradeKind.Market, time));
            return Task.FromResult(1);
        }

        public Task<int> GetBookAsync(string symbol, int depth, VenueBatch into, CancellationToken cancellation)
        {
            var (id, bid) = Next(Books);
            into.Levels.AddRange([new BookLevel(Number.Parse(bid), One), new BookLevel(One, One)]);
            into.Add(new VenueBookUpdate(0, BookUpdateKind.Snapshot, id, id, -1, 0, 1, 1, 0));
            return Task.FromResult(1);
        }

        public Task<IReadOnlyList<InstrumentInfo>> GetInstrumentsAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<string, Number>> GetTurnoverAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<long> GetServerTimeAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<int> GetCandlesAsync(
            string symbol, CandleInterval interval, long from, long to, VenueBatch into, CancellationToken cancellation) =>
            throw new NotSupportedException();

        private static T Next<T>(Queue<T> answers) =>
            answers.TryDequeue(out var answer) ? answer : throw new VenueRestException(VenueRestFailure.Unavailable, "no answer");
    }
}
