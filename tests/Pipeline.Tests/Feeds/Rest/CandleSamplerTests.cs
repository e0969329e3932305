using System.Collections.Concurrent;
using Pipeline.Core.Audit;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Rest;

public sealed class CandleSamplerTests : IAsyncDisposable
{
    private static readonly CandleInterval OneMinute = CandleInterval.Parse("1m");
    private static readonly Instrument[] Two = [new(0, "binance", "BTC-USDT", "BTCUSDT"), new(1, "binance", "ETH-USDT", "ETHUSDT")];

    private readonly PipelineMetrics _metrics = new();
    private readonly TestTimeProvider _clock = new();
    private readonly CandleRest _rest = new();
    private readonly Entrance _entrance = new();
    private CandleSampler? _sampler;

    public async ValueTask DisposeAsync()
    {
        if (_sampler is not null)
        {
            await _sampler.DisposeAsync();
        }

        _metrics.Dispose();
    }

    [Fact]
    public void Start_All_EachClosedCandleComesOnceSomeTimeAfterItsEnd()
    {
        Start(share: 1);
        _clock.Advance(TimeSpan.FromSeconds(69));
        Assert.Empty(_rest.Asked);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["BTCUSDT -4 1", "ETHUSDT -4 1"], _rest.Asked.Order());
        Assert.Equal(["0:0", "1:0"], _entrance.Taken.Order());
        _clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(["0:0", "0:1", "0:2", "0:3", "1:0", "1:1", "1:2", "1:3"], _entrance.Taken.Order());
        Assert.Equal((8, 0), (Read("asked"), Read("changed")));
    }

    [Fact]
    public void Start_CandleThatIsToldOtherwiseLater_ComesAgain()
    {
        Start(share: 1);
        _clock.Advance(TimeSpan.FromSeconds(70));
        _rest.Close = Number.Parse("7");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["0:0", "0:0", "0:1", "1:0", "1:0", "1:1"], _entrance.Taken.Order());
        Assert.Equal(2, Read("changed"));
    }

    [Fact]
    public void Start_Refused_IsToldAndTheNextIsAskedFor()
    {
        Start(share: 1);
        var failed = new List<string>();
        _sampler!.Failed += (instrument, reason) => failed.Add($"{instrument.Id} {reason}");
        _rest.Failure = new VenueRestException(VenueRestFailure.Refused, "no");
        _clock.Advance(TimeSpan.FromSeconds(70));
        Assert.Equal(["BTC-USDT no", "ETH-USDT no"], failed.Order());
        Assert.Equal(2, Read("failed"));
        _rest.Failure = null;
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["0:1", "1:1"], _entrance.Taken.Order());
    }

    [Fact]
    public void Follow_Others_AreAskedForFromTheNextWindowOn()
    {
        Start(share: 1);
        _clock.Advance(TimeSpan.FromSeconds(70));
        _sampler!.Follow([Two[1]]);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["0:0", "1:0", "1:1"], _entrance.Taken.Order());
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(1)]
    public void IsSampled_OfAnyRow_IsTheShare(double share)
    {
        const long First = 29_915_000;
        Assert.All(Enumerable.Range(0, 20), instrument => Assert.Equal(
            (int)(1000 * share), Enumerable.Range(0, 1000).Count(i => CandleSampler.IsSampled(share, First + i, instrument))));
        Assert.All(Enumerable.Range(0, 20), window => Assert.Equal(
            (int)(1000 * share), Enumerable.Range(0, 1000).Count(i => CandleSampler.IsSampled(share, First + window, i))));
    }

    private void Start(double share)
    {
        // What time lets go on does so on the thread that moves it.
        SynchronizationContext.SetSynchronizationContext(null);
        var symbols = new SymbolTable();
        Array.ForEach(Two, symbols.Add);
        var source = new FeedSource("binance", "binance-rest", null, symbols, 1_000);
        _rest.Start = MarketTime.Now(_clock);
        _entrance.Start = _rest.Start;
        _sampler = new CandleSampler(_rest, source, new AuditOptions { Share = share }, _clock, _metrics);
        _sampler.Follow(Two);
        _sampler.Start(_entrance);
    }

    private long Read(string outcome) => _metrics.Snapshot()
        .Where(one => one.Name == "pipeline.audit.samples" && one.Tag == "binance" && one.Detail == outcome).Sum(one => one.Value);

    /// <summary>Answers with every candle asked for; times in minutes from the start.</summary>
    private sealed class CandleRest : IVenueRest
    {
        public long Start { get; set; }

        public string Venue => "binance";

        public Number Close { get; set; } = Number.Parse("5");

        public Exception? Failure { get; set; }

        public ConcurrentQueue<string> Asked { get; } = new();

        public Task<int> GetCandlesAsync(
            string symbol, CandleInterval interval, long from, long to, VenueBatch into, CancellationToken cancellation)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            Asked.Enqueue($"{symbol} {(from - Start) / interval.Microseconds} {(to - Start) / interval.Microseconds}");
            var number = into.Source.Symbols.Find(System.Text.Encoding.ASCII.GetBytes(symbol));
            for (var open = from; open < to; open += interval.Microseconds)
            {
                into.Add(new VenueCandle(
                    number, interval, open / 1000, Close, Close, Close, Close, Close, Close, null, -1, -1, -1, Closed: true, Time: to));
            }

            return Task.FromResult(into.Candles.Count);
        }

        public Task<IReadOnlyList<InstrumentInfo>> GetInstrumentsAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<string, Number>> GetTurnoverAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<long> GetServerTimeAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<int> GetTradesAsync(
            string symbol, string tradeSource, long? fromId, int limit, VenueBatch into, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<int> GetBookAsync(string symbol, int depth, VenueBatch into, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class Entrance : IAnswerEntrance
    {
        public long Start { get; set; }

        /// <summary>Number of the symbol, and minute.</summary>
        public List<string> Taken { get; } = [];

        public VenueBatch RentAnswer() => new();

        public Task<bool> TakeAsync(VenueBatch answer, CancellationToken cancellation = default)
        {
            foreach (var candle in answer.Candles.Span)
            {
                Taken.Add($"{candle.Symbol}:{((candle.OpenTime * 1000) - Start) / OneMinute.Microseconds}");
            }

            return Task.FromResult(true);
        }
    }
}
