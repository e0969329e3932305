using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Host.Venues;

public sealed class VenueListingTests
{
    private readonly TestTimeProvider _time = new();
    private readonly FakeVenueRest _rest = new();

    [Fact]
    public async Task Load_VenueThatAnswers_IsItsList()
    {
        _rest.Answer(InstrumentSamples.Spot("BTC"), InstrumentSamples.Spot("ETH"));
        var listing = await LoadAsync(InstrumentChoice.Of("BTC-USDT"));

        Assert.Equal(["BTC-USDT", "ETH-USDT"], listing.Directory.All.Select(one => one.Id));
        Assert.True(listing.Directory.IsComplete);
        Assert.Null(listing.Turnover);
    }

    [Fact]
    public async Task Load_MostTradedWanted_AsksForTheTurnoverToo()
    {
        _rest.Answer(InstrumentSamples.Spot("BTC"));
        _rest.Turnover = new Dictionary<string, Number> { ["BTCUSDT"] = Number.Parse("1") };

        Assert.Same(_rest.Turnover, (await LoadAsync(new InstrumentChoice { Top = 1 })).Turnover);
    }

    [Fact]
    public async Task Load_VenueThatAnswersLate_IsAskedAgainWithGrowingPauses()
    {
        // Without the runner's context everything happens inside Advance.
        SynchronizationContext.SetSynchronizationContext(null);
        _rest.Instruments = (asked, _) => asked < 4
            ? throw new VenueRestException(VenueRestFailure.Unavailable, "down")
            : Task.FromResult<IReadOnlyList<InstrumentInfo>>([InstrumentSamples.Spot("BTC")]);
        var loading = LoadAsync(InstrumentChoice.Of("BTC-USDT"));
        foreach (var (pause, asked) in new[] { (1, 2), (2, 3), (4, 4) })
        {
            _time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(asked - 1, _rest.Asked);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(asked, _rest.Asked);
        }

        Assert.True((await loading).Directory.IsComplete);
    }

    [Fact]
    public async Task Load_VenueThatIsDown_TakesPlainNamesOnTrust()
    {
        _rest.Instruments = (_, _) => throw new VenueRestException(VenueRestFailure.Banned, "banned", TimeSpan.FromMinutes(2));
        var listing = await LoadAsync(InstrumentChoice.Of("btcusdt"));

        Assert.False(listing.Directory.IsComplete);
        Assert.Equal("BTC-USDT", Assert.Single(listing.Directory.Find("btcusdt")).Id);
        Assert.Equal(1, _rest.Asked);
    }

    [Fact]
    public async Task Load_VenueThatIsDownAndAPattern_SaysWhatToDo()
    {
        _rest.Instruments = (_, _) => throw new VenueRestException(VenueRestFailure.Refused, "the venue said no.");
        var error = await Assert.ThrowsAsync<VenueException>(() => LoadAsync(InstrumentChoice.Of("*-USDT")));

        Assert.Contains("http://api.example.com", error.Message, StringComparison.Ordinal);
        Assert.Contains("the venue said no.", error.Message, StringComparison.Ordinal);
        Assert.Contains("name the instruments", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_VenueThatNeverAnswers_EndsAfterHalfAMinute()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _rest.Instruments = (_, cancellation) =>
        {
            var never = new TaskCompletionSource<IReadOnlyList<InstrumentInfo>>();
            cancellation.Register(() => never.SetCanceled(cancellation));
            return never.Task;
        };
        var loading = LoadAsync(InstrumentChoice.Of("*"));
        for (var seconds = 0; seconds < 40 && !loading.IsCompleted; seconds++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Contains("did not answer within 10 s", (await Assert.ThrowsAsync<VenueException>(() => loading)).Message, StringComparison.Ordinal);
        Assert.Equal(3, _rest.Asked);
    }

    private Task<VenueListing> LoadAsync(params InstrumentChoice[] choices) =>
        VenueListing.LoadAsync(VenueSamples.Binance(_rest, choices), _time, NullLogger.Instance, CancellationToken.None);
}
