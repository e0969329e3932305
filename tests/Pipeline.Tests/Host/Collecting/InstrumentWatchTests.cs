using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Collecting;
using Pipeline.Host.Venues;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Host.Venues;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Host.Collecting;

public sealed class InstrumentWatchTests : IDisposable
{
    private static readonly InstrumentInfo Bitcoin = InstrumentSamples.Spot("BTC");
    private static readonly InstrumentInfo Ether = InstrumentSamples.Spot("ETH");

    private readonly TestTimeProvider _time = new();
    private readonly FakeVenueRest _rest = new();
    private readonly RecordSink _sink = new();
    private readonly PipelineMetrics _metrics = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Publish_FreshTopic_HasWhatIsTakenAndNothingElse()
    {
        await Watch([Bitcoin, Ether], []).PublishAsync(_stop.Token);

        Assert.Equal(["BTC-USDT 1 Trading"], _sink.Written);
        Assert.Equal(MarketTime.Now(_time), _sink.Last!.UpdatedTime);
        Assert.Contains("BTC/USDT", _sink.Last.Aliases);
    }

    [Fact]
    public async Task Publish_AfterARestart_SaysOnlyWhatIsNew()
    {
        var known = new InstrumentRevisions([]);
        var halted = InstrumentSamples.Spot("OLD", status: InstrumentStatus.Halted);
        InstrumentRecord[] before = [known.Update(Bitcoin, 1)!, known.Update(Ether with { PriceStep = null }, 1)!, known.Update(halted, 1)!];
        SynchronizationContext.SetSynchronizationContext(null);
        var watch = Watch([Bitcoin, Ether], before, "BTC-USDT", "ETH-USDT");
        await watch.PublishAsync(_stop.Token);
        Assert.Equal(["ETH-USDT 2 Trading"], _sink.Written);

        // One list without it proves nothing, a second one does.
        var running = watch.RunAsync(_stop.Token);
        Refresh(1, Bitcoin, Ether);
        Assert.Equal(["ETH-USDT 2 Trading", "OLD-USDT 2 Delisted"], _sink.Written);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Publish_WithoutTheVenuesList_ReplacesNothingBetter()
    {
        var known = new InstrumentRevisions([]).Update(Bitcoin, 1)!;
        var venue = VenueSamples.Binance(null, InstrumentChoice.Of("BTC-USDT"), InstrumentChoice.Of("ETH-USDT"));
        var plan = VenuePlan.Of(venue, VenueListing.OfNames(venue), new InstrumentRegistry());
        await Make(plan, [known]).PublishAsync(_stop.Token);

        Assert.Equal(["ETH-USDT 1 Trading"], _sink.Written);
    }

    [Fact]
    public async Task Run_ListThatChanges_PublishesTheChangesAlone()
    {
        // Without the runner's context everything happens inside Advance.
        SynchronizationContext.SetSynchronizationContext(null);
        var watch = Watch([Bitcoin, Ether], [], "BTC-USDT", "ETH-USDT");
        await watch.PublishAsync(_stop.Token);
        var running = watch.RunAsync(_stop.Token);

        Refresh(1, Bitcoin, Ether);
        Refresh(2, Bitcoin, Ether with { Status = InstrumentStatus.Halted });
        Refresh(3, Bitcoin with { Symbol = "XBTUSDT" }, InstrumentSamples.Spot("SOL"));

        // An empty list and no list at all say nothing.
        Refresh(4);
        _rest.Instruments = (_, _) => throw new VenueRestException(VenueRestFailure.Unavailable, "down");
        Refresh(5, null);
        Refresh(6, Bitcoin, Ether);
        Assert.Equal(
            ["BTC-USDT 1 Trading", "ETH-USDT 1 Trading", "ETH-USDT 2 Halted", "BTC-USDT 2 Trading", "BTC-USDT 3 Trading", "ETH-USDT 3 Trading"],
            _sink.Written);

        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Run_InstrumentMissingOnce_IsNotDelistedBeforeTheNextListConfirmsIt()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var watch = Watch([Bitcoin, Ether], [], "BTC-USDT", "ETH-USDT");
        await watch.PublishAsync(_stop.Token);
        var running = watch.RunAsync(_stop.Token);
        _sink.Written.Clear();

        Refresh(1, Bitcoin);
        Refresh(2, Bitcoin, Ether);
        Refresh(3, Bitcoin);
        Assert.Empty(_sink.Written);
        Refresh(4, Bitcoin);
        Assert.Equal(["ETH-USDT 2 Delisted"], _sink.Written);

        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Run_ListLessThanHalfAsLong_IsNotBelievedHoweverOftenItComes()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var watch = Watch([Bitcoin, Ether, InstrumentSamples.Spot("SOL")], [], "BTC-USDT", "ETH-USDT");
        await watch.PublishAsync(_stop.Token);
        var running = watch.RunAsync(_stop.Token);
        _sink.Written.Clear();

        for (var i = 1; i <= 3; i++)
        {
            Refresh(i, Bitcoin);
        }

        Assert.Empty(_sink.Written);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Run_FailureOfAnyKind_IsCountedAndTheWatchGoesOn()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var watch = Watch([Bitcoin], []);
        await watch.PublishAsync(_stop.Token);
        var running = watch.RunAsync(_stop.Token);

        _rest.Instruments = (_, _) => throw new InvalidDataException("The archive entry was compressed using an unsupported method.");
        Refresh(1, null);
        Refresh(2, Bitcoin with { Status = InstrumentStatus.Halted });
        Assert.Equal(["BTC-USDT 1 Trading", "BTC-USDT 2 Halted"], _sink.Written);
        var failures = _metrics.Snapshot().Single(one => one.Name == "pipeline.venue.failures");
        Assert.Equal(("binance", "instruments", 1), (failures.Tag, failures.Detail, failures.Value));

        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Run_TokenThatIsMet_IsPublished()
    {
        const string mint = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
        var options = new VenueOptions
        {
            Name = "chain",
            WebSocketEndpoint = new Uri("ws://h:1"),
            Instruments = [InstrumentChoice.Of("*")],
            Channels = [StreamChannel.Price],
        };
        var venue = new VenueAccess(options, new TokenAdapter(), null);
        var discoveries = InstrumentWatch.MakeDiscoveries();
        var plan = VenuePlan.Of(
            venue, VenueListing.OfNames(venue), new InstrumentRegistry(), discovered: token => discoveries.Writer.TryWrite(token));
        var watch = Make(plan, [], discoveries);
        await watch.PublishAsync(_stop.Token);
        var running = watch.RunAsync(_stop.Token);

        plan.Symbols.FindOrDiscover(System.Text.Encoding.ASCII.GetBytes(mint));
        await Wait.UntilAsync(() => _sink.Written.Count > 0);
        Assert.Equal([$"{mint} 1 Trading"], _sink.Written);
        Assert.Equal(InstrumentKind.Token, _sink.Last!.Info.Kind);

        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private void Refresh(int number, params InstrumentInfo[]? list)
    {
        if (list is not null)
        {
            _rest.Answer(list);
        }

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(number, _rest.Asked);
    }

    private InstrumentWatch Watch(InstrumentInfo[] list, IEnumerable<InstrumentRecord> known, params string[] names)
    {
        var venue = VenueSamples.Binance(_rest, [.. names.DefaultIfEmpty("BTC-USDT").Select(InstrumentChoice.Of)]);
        var listing = new VenueListing(new InstrumentDirectory("binance", list), null);
        return Make(VenuePlan.Of(venue, listing, new InstrumentRegistry()), known);
    }

    private InstrumentWatch Make(VenuePlan plan, IEnumerable<InstrumentRecord> known, Channel<Instrument>? discoveries = null) =>
        new(plan, known, discoveries ?? InstrumentWatch.MakeDiscoveries(), _sink, _metrics, _time, _time, NullLogger.Instance);

    private sealed class RecordSink : IMarketSink
    {
        public List<string> Written { get; } = [];

        public InstrumentRecord? Last { get; private set; }

        public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
        {
            foreach (var happened in batch.Events.Span)
            {
                Last = batch.Instruments[happened.Index];
                Written.Add($"{Last.Info.Id} {Last.Revision} {Last.Info.Status}");
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
