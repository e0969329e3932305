using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Collecting;
using Pipeline.Host.Venues;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Host.Venues;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Host.Collecting;

/// <summary>A venue that is collected from follows its list and the topology by the difference alone.</summary>
public sealed class VenueRunTests : IDisposable
{
    private static readonly InstrumentInfo Bitcoin = InstrumentSamples.Spot("BTC");
    private static readonly InstrumentInfo Ether = InstrumentSamples.Spot("ETH");
    private static readonly InstrumentInfo Solana = InstrumentSamples.Spot("SOL");

    private readonly TestTimeProvider _time = new();
    private readonly PipelineMetrics _metrics = new();
    private readonly FakeVenueRest _rest = new();
    private readonly ListSink _sink = new();
    private readonly LinesLog _log = new();
    private VenueAccess _venue = null!;
    private FakeIntake? _intake;
    private VenuePlan? _plan;
    private IReadOnlyList<InstrumentRecord> _known = [];

    // Without the runner's context everything happens inside Advance.
    public VenueRunTests() => SynchronizationContext.SetSynchronizationContext(null);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Refresh_NewListingThatFitsAPattern_IsSubscribedAndPublishedAndNothingElseTouched()
    {
        await using var set = await StartAsync([Bitcoin, Ether], InstrumentChoice.Of("*-USDT"));
        Assert.Equal(["+btcusdt@trade", "+ethusdt@trade", "+btcusdt@bookTicker", "+ethusdt@bookTicker"], _intake!.TakeCalls());
        _sink.Written.Clear();

        Refresh(Bitcoin, Ether, Solana, InstrumentSamples.Spot("XRP", "EUR"));

        Assert.Equal(["+solusdt@trade", "+solusdt@bookTicker"], _intake.TakeCalls());
        Assert.Equal(["SOL-USDT Trading"], _sink.Written);
        Assert.Equal(2, _plan!.Symbols.Find("SOLUSDT"u8));
        Assert.Equal(6, _intake.Catalog.All.Count());
    }

    [Fact]
    public async Task Refresh_Delisted_IsUnsubscribedOnceTheNextListConfirmsIt()
    {
        await using var set = await StartAsync([Bitcoin, Ether], InstrumentChoice.Of("*-USDT"));
        _intake!.TakeCalls();

        Refresh(Bitcoin);
        Assert.Empty(_intake.TakeCalls());
        Refresh(Bitcoin);

        Assert.Equal(["-ethusdt@trade", "-ethusdt@bookTicker"], _intake.TakeCalls().Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(["ETH-USDT"], _intake.Gone);

        // Listed again, it begins anew.
        Refresh(Bitcoin, Ether);
        Assert.Equal(["+ethusdt@trade", "+ethusdt@bookTicker"], _intake.TakeCalls());
        var again = _plan!.Symbols[_plan.Symbols.Find("ETHUSDT"u8)];
        Assert.Equal(("binance:ETH-USDT", 2), (again.Key, again.Index));
    }

    [Fact]
    public async Task Refresh_RenamedUnderItsSymbol_TheNameInTheTopologyFollowsAndTheStreamStays()
    {
        await using var set = await StartAsync([Bitcoin, Ether], InstrumentChoice.Of("BTC-USDT"));
        _intake!.TakeCalls();

        Refresh(InstrumentSamples.Spot("XBT") with { Symbol = "BTCUSDT" }, Ether);

        Assert.Empty(_intake.TakeCalls());
        Assert.Equal(["BTC-USDT"], _intake.Gone);
        Assert.All(_intake.Catalog.All, stream => Assert.Equal("XBT-USDT", stream.Instrument!.Id));
        Assert.Equal("XBT-USDT", _plan!.Symbols[_plan.Symbols.Find("BTCUSDT"u8)].Id);
    }

    [Theory]
    [InlineData("BTC-USDT")]
    [InlineData("btc/usdt")]
    [InlineData("OLD-USDT")]
    public async Task Start_RenamedBefore_TheNameInTheTopologyIsFollowedByWhatWasWritten(string name)
    {
        // While a collector ran OLD became BTC; while none ran, BTC became XBT.
        var written = new InstrumentRevisions([]);
        _ = written.Update(InstrumentSamples.Spot("OLD") with { Symbol = "BTCUSDT" }, 1);
        written.Rename("OLD-USDT", "BTC-USDT");
        _known = [written.Update(Bitcoin, 2)!, written.Update(Ether, 2)!];
        var renamed = InstrumentSamples.Spot("XBT") with { Symbol = "BTCUSDT" };
        await using var set = await StartAsync([renamed, Ether], InstrumentChoice.Of(name) with { Legs = 2 }, InstrumentChoice.Of("ETH-USDT"));

        Assert.Equal(["XBT-USDT", "ETH-USDT"], _plan!.Registered.Select(one => one.Id));
        Assert.Empty(_plan.Errors);
        Assert.Contains(_log.Lines, line => line.Contains($"{name} of the topology is XBT-USDT (BTCUSDT) by now", StringComparison.Ordinal));
        Assert.Equal([2, 2, 1, 1], _plan.Streams.Select(stream => stream.Legs!.Value).OrderDescending());
    }

    [Fact]
    public async Task Start_NameThatTheListHas_IsThatWhateverWasWritten()
    {
        var written = new InstrumentRevisions([]);
        written.Rename("BTC-USDT", "ETH-USDT");
        _known = [written.Update(Ether, 2)!];
        await using var set = await StartAsync([Bitcoin, Ether], InstrumentChoice.Of("BTC-USDT"), InstrumentChoice.Of("XRP-USDT"));

        Assert.Equal(["BTC-USDT"], _plan!.Registered.Select(one => one.Id));
        Assert.StartsWith("binance has no XRP-USDT", Assert.Single(_plan.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replan_OtherLegsOfOneInstrument_MoveItsStreamsAlone()
    {
        await using var set = await StartAsync([Bitcoin, Ether], InstrumentChoice.Of("BTC-USDT"), InstrumentChoice.Of("ETH-USDT"));
        _intake!.TakeCalls();

        var change = await set.ReplanAsync(
            _venue.Options with { Instruments = [InstrumentChoice.Of("BTC-USDT"), InstrumentChoice.Of("ETH-USDT") with { Legs = 2 }] }, default);

        Assert.Equal(["ethusdt@bookTicker 2", "ethusdt@trade 2"], _intake.TakeCalls().Order(StringComparer.Ordinal));
        Assert.Equal((0, 0, 2, 2), (change.Streams!.Added.Count, change.Streams.Removed.Count, change.Streams.Moved.Count, change.Streams.Untouched));
        Assert.Empty(_intake.Gone);
        await set.ReplanAsync(_venue.Options with { Legs = 2 }, default);
        Assert.Equal(["btcusdt@bookTicker 2", "btcusdt@trade 2"], _intake.TakeCalls().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Refresh_OtherSymbolOfTheSameInstrument_OldStreamsGoAndNewOnesCome()
    {
        await using var set = await StartAsync([Bitcoin, Ether], InstrumentChoice.Of("BTC-USDT"));
        _intake!.TakeCalls();

        Refresh(Bitcoin with { Symbol = "XBTUSDT" }, Ether);

        Assert.Equal(
            ["+xbtusdt@bookTicker", "+xbtusdt@trade", "-btcusdt@bookTicker", "-btcusdt@trade"],
            _intake.TakeCalls().Order(StringComparer.Ordinal));
        Assert.Equal(["BTC-USDT"], _intake.Gone);
        var renamed = _plan!.Symbols[_plan.Symbols.Find("XBTUSDT"u8)];
        Assert.Equal(("binance:BTC-USDT", 1), (renamed.Key, renamed.Index));
    }

    [Fact]
    public async Task Refresh_TurnoverThatChanges_TheMostTradedAreFollowed()
    {
        _rest.Turnover = Turnover("BTC", "ETH", "SOL");
        await using var set = await StartAsync([Bitcoin, Ether, Solana], new InstrumentChoice { Top = 1 });
        Assert.Equal(["+btcusdt@trade", "+btcusdt@bookTicker"], _intake!.TakeCalls());

        _rest.Turnover = Turnover("ETH", "BTC", "SOL");
        Refresh(Bitcoin, Ether, Solana);
        Assert.Empty(_intake.TakeCalls());
        _rest.Turnover = Turnover("ETH", "SOL", "BTC");
        Refresh(Bitcoin, Ether, Solana);

        Assert.Equal(
            ["+ethusdt@trade", "+ethusdt@bookTicker"], _intake.TakeCalls().Where(call => call[0] == '+'));
    }

    [Fact]
    public async Task Replan_MoreInstrumentsAndChannels_OnlyTheDifferenceIsCalled()
    {
        await using var set = await StartAsync([Bitcoin, Ether, Solana], InstrumentChoice.Of("BTC-USDT"), InstrumentChoice.Of("ETH-USDT"));
        _intake!.TakeCalls();
        _sink.Written.Clear();

        var change = await set.ReplanAsync(
            _venue.Options with
            {
                Instruments = [InstrumentChoice.Of("ETH-USDT"), InstrumentChoice.Of("sol/usdt")],
                Channels = [StreamChannel.Trade, StreamChannel.Ticker],
            },
            default);

        Assert.Equal(
            ["+ethusdt@ticker", "+solusdt@ticker", "+solusdt@trade", "-btcusdt@bookTicker", "-btcusdt@trade", "-ethusdt@bookTicker"],
            _intake.TakeCalls().Order(StringComparer.Ordinal));
        Assert.Equal((3, 3, 1), (change.Streams!.Added.Count, change.Streams.Removed.Count, change.Streams.Untouched));
        Assert.Equal(["SOL-USDT Trading"], _sink.Written);
        Assert.Equal(["BTC-USDT"], _intake.Gone);
    }

    [Fact]
    public async Task Replan_NothingOfIt_IsRefusedAndAllStays()
    {
        await using var set = await StartAsync([Bitcoin, Ether], InstrumentChoice.Of("BTC-USDT"));
        _intake!.TakeCalls();

        var change = await set.ReplanAsync(_venue.Options with { Instruments = [InstrumentChoice.Of("BTC-USDTT")] }, default);

        Assert.Contains("binance has no BTC-USDTT; did you mean BTC-USDT", change.Refusal, StringComparison.Ordinal);
        Assert.Empty(_intake.TakeCalls());
        Assert.Equal(0, _plan!.Symbols.Find("BTCUSDT"u8));
    }

    [Fact]
    public async Task Replan_OneEntryThatIsNot_IsLeftOutAndTold()
    {
        await using var set = await StartAsync([Bitcoin, Ether], InstrumentChoice.Of("BTC-USDT"));
        _intake!.TakeCalls();

        var change = await set.ReplanAsync(
            _venue.Options with { Instruments = [InstrumentChoice.Of("BTC-USDT"), InstrumentChoice.Of("GONE-USDT")] }, default);

        Assert.StartsWith("binance has no GONE-USDT", Assert.Single(change.LeftOut), StringComparison.Ordinal);
        Assert.Null(change.Refusal);
        Assert.Empty(_intake.TakeCalls());
    }

    [Fact]
    public async Task Replan_BeforeTheVenueIsCollectedFrom_HoldsOnceItIs()
    {
        await using var set = await MakeAsync([Bitcoin, Ether], InstrumentChoice.Of("BTC-USDT"));
        var change = await set.ReplanAsync(_venue.Options with { Instruments = [InstrumentChoice.Of("ETH-USDT")] }, default);
        Assert.Null(change.Streams);
        set.Start(JoinAsync);
        await Wait.UntilAsync(() => set.Missing.Count == 0);

        Assert.Equal(["+ethusdt@trade", "+ethusdt@bookTicker"], _intake!.TakeCalls());
    }

    [Fact]
    public async Task AddAndRemove_Venue_BeginsAndEndsAlone()
    {
        await using var set = await StartAsync([Bitcoin], InstrumentChoice.Of("BTC-USDT"));
        var first = _intake!;
        set.Add(_venue.Options with { Name = "other" });
        await Wait.UntilAsync(() => set.Missing.Count == 0 && _intake != first);
        Assert.Equal(["binance", "other"], set.Names);

        await set.RemoveAsync("other");

        Assert.Equal((false, true), (first.IsDisposed, _intake!.IsDisposed));
        Assert.Equal(["binance"], set.Names);
        Assert.False(set.Failure.IsCompleted);
    }

    private static Dictionary<string, Number> Turnover(params string[] coins) =>
        coins.Select((coin, rank) => (coin, rank)).ToDictionary(one => $"{one.coin}USDT", one => Number.Parse($"{100 - one.rank}"));

    private void Refresh(params InstrumentInfo[] list)
    {
        _rest.Answer(list);
        var asked = _rest.Asked;
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(asked + 1, _rest.Asked);
    }

    private async Task<VenueSet> StartAsync(InstrumentInfo[] list, params InstrumentChoice[] choices)
    {
        var set = await MakeAsync(list, choices);
        set.Start(JoinAsync);
        await Wait.UntilAsync(() => set.Missing.Count == 0);

        // The watch begins to wait right behind that.
        await Wait.UntilAsync(() => _time.PendingTimers > 0);
        return set;
    }

    private async Task<VenueSet> MakeAsync(InstrumentInfo[] list, params InstrumentChoice[] choices)
    {
        _rest.Answer(list);
        _venue = VenueSamples.Binance(_rest, choices);
        return await VenueSet.MakeAsync(
            [_venue.Options],
            options => (_venue with { Options = options }, null),
            _ => Task.FromResult(_known),
            _sink,
            _metrics,
            _time,
            _time,
            _log,
            default);
    }

    private Task<IVenueIntake> JoinAsync(VenuePlan plan)
    {
        _plan = plan;
        _intake = new FakeIntake(plan);
        return Task.FromResult<IVenueIntake>(_intake);
    }

    private sealed class ListSink : IMarketSink
    {
        public List<string> Written { get; } = [];

        public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
        {
            for (var i = 0; i < batch.Instruments.Count; i++)
            {
                Written.Add($"{batch.Instruments[i].Info.Id} {batch.Instruments[i].Info.Status}");
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
