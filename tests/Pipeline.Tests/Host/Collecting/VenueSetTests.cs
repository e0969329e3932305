using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Diagnostics;
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

public sealed class VenueSetTests : IDisposable
{
    private readonly TestTimeProvider _time = new();
    private readonly PipelineMetrics _metrics = new();
    private readonly FakeVenueRest _rest = new();
    private readonly ConcurrentQueue<string> _joined = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Start_VenueThatCannotBeReached_JoinsWhenItAnswersAndHoldsUpNoOther()
    {
        _rest.Instruments = (_, _) => throw new VenueRestException(VenueRestFailure.Refused, "HTTP 404.");
        await using var set = await MakeAsync(Binance("binance", null, "BTC-USDT"), Binance("other", _rest, "*-USDT"));
        set.Start(JoinAsync);
        await Wait.UntilAsync(() => _joined.Count == 1);

        Assert.Equal(["binance BTC-USDT"], _joined);
        await Wait.UntilAsync(() => set.Missing.Count == 1);
        var (venue, reason) = Assert.Single(set.Missing);
        Assert.Equal("other", venue);
        Assert.Contains("http://api.example.com/: HTTP 404.", reason, StringComparison.Ordinal);

        _rest.Answer(InstrumentSamples.Spot("ETH"));
        await Wait.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _joined.Count == 2;
        });
        Assert.Equal(["binance BTC-USDT", "other ETH-USDT"], _joined);
        await Wait.UntilAsync(() => set.Missing.Count == 0);
        Assert.True(_time.Elapsed >= TimeSpan.FromSeconds(5), "It was asked again without a pause.");
        Assert.False(set.Failure.IsCompleted);
        await set.StopAsync();
    }

    [Fact]
    public async Task Start_JoinThatFails_IsTriedAgain()
    {
        await using var set = await MakeAsync(Binance("binance", null, "BTC-USDT"));
        var asked = 0;
        set.Start(plan => Interlocked.Increment(ref asked) == 1 ? throw new IOException("no room") : JoinAsync(plan));
        await Wait.UntilAsync(() => set.Missing is [("binance", "no room")]);

        await Wait.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return set.Missing.Count == 0;
        });
        Assert.Equal(["binance BTC-USDT"], _joined);
        Assert.Equal(1, _metrics.Snapshot().Single(one => one.Name == "pipeline.venue.failures").Value);
        await set.StopAsync();
    }

    [Fact]
    public async Task Make_OneVenueWithNothing_GoesOnWithTheRest()
    {
        _rest.Answer(InstrumentSamples.Spot("BTC"));
        await using var set = await MakeAsync(Binance("binance", _rest, "GONE-USDT"), Binance("other", null, "BTC-USDT"));
        set.Start(JoinAsync);
        await Wait.UntilAsync(() => _joined.Count == 1 && set.Missing.Count == 1);

        Assert.StartsWith("binance has no GONE-USDT", set.Missing[0].Reason, StringComparison.Ordinal);
        Assert.False(set.Failure.IsCompleted);
        await set.StopAsync();
    }

    [Fact]
    public async Task Make_NothingLeft_FailsAndNamesIt()
    {
        _rest.Answer(InstrumentSamples.Spot("BTC"));
        var error = await Assert.ThrowsAsync<VenueException>(() => MakeAsync(Binance("binance", _rest, "GONE-USDT")));

        Assert.StartsWith("nothing is left to collect: binance has no GONE-USDT", error.Message, StringComparison.Ordinal);
    }

    /// <summary>As the collector removes one: what joins while it is being removed neither runs on nor is shown.</summary>
    [Fact]
    public async Task Remove_VenueThatIsJoining_StopsItWhenItHasJoined_AndLeavesNothing()
    {
        await using var set = await MakeAsync(Binance("binance", null, "BTC-USDT"));
        var table = new IntakeTable<IVenueIntake>();
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        FakeIntake? joined = null;
        set.Start(async plan =>
        {
            asked.SetResult();
            await go.Task;
            return table.Add(plan.Venue.Name, joined = new FakeIntake(plan));
        });
        await asked.Task.WaitAsync(RealTime.Bound);
        var removing = table.RemoveAsync("binance", () => set.RemoveAsync("binance"));
        Assert.False(removing.IsCompleted);
        go.SetResult();
        await removing.WaitAsync(RealTime.Bound);

        Assert.True(joined!.IsDisposed);
        Assert.Empty(table.All);
        Assert.Null(table.Find("binance"));
        Assert.Empty(set.Names);
        await set.StopAsync();
    }

    private static VenueAccess Binance(string name, IVenueRest? rest, string instruments)
    {
        var venue = VenueSamples.Binance(rest, InstrumentChoice.Of(instruments));
        return venue with { Options = venue.Options with { Name = name } };
    }

    private Task<IVenueIntake> JoinAsync(VenuePlan plan)
    {
        _joined.Enqueue($"{plan.Venue.Name} {string.Join(' ', plan.Instruments.Select(one => one.Id))}");
        return Task.FromResult<IVenueIntake>(new FakeIntake(plan));
    }

    private Task<VenueSet> MakeAsync(params VenueAccess[] venues) => VenueSet.MakeAsync(
        [.. venues.Select(venue => venue.Options)],
        options => (venues.First(venue => venue.Name == options.Name) with { Options = options }, null),
        _ => Task.FromResult<IReadOnlyList<InstrumentRecord>>([]),
        new NoSink(),
        _metrics,
        _time,
        _time,
        NullLogger.Instance,
        default);

    private sealed class NoSink : IMarketSink
    {
        public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
