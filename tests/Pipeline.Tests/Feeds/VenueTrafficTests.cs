using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds;

public sealed class VenueTrafficTests : IDisposable
{
    private readonly TestTimeProvider _time = new();
    private readonly PipelineMetrics _metrics = new();
    private readonly List<FeedEvent> _events = [];

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Budget_ExceededOverTenSeconds_IsToldOnce_AndOnceWhenBackBelowNineTenths()
    {
        using var traffic = CreateSut(10_000);

        // Above the budget from the start: nothing is said before ten seconds were measured.
        Run(traffic, 12_000, 9);
        Assert.Empty(_events);
        Run(traffic, 12_000, 60);
        var exceeded = Assert.IsType<TrafficBudgetExceeded>(Assert.Single(_events));
        Assert.Equal(("binance", 10_000), (exceeded.Venue, exceeded.Budget));
        Assert.InRange(exceeded.BytesPerSecond, 12_000, 12_120);

        // Between nine tenths and the budget: neither exceeded nor over.
        Run(traffic, 9_500, 60);
        Assert.Single(_events);
        Run(traffic, 8_000, 60);

        Assert.Equal(2, _events.Count);
        Assert.InRange(Assert.IsType<TrafficWithinBudget>(_events[1]).BytesPerSecond, 8_000, 8_999);
        Assert.Equal(1, _metrics.Snapshot().Single(sample => sample.Name == "pipeline.feed.traffic_budget_exceeded").Value);
    }

    [Fact]
    public void Budget_WhenTrafficStops_IsOverByTheClockAlone()
    {
        using var traffic = CreateSut(10_000);
        Run(traffic, 12_000, 30);
        Assert.Single(_events);

        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(2, _events.Count);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(2, _events.Count);
        Assert.Equal(0, _time.PendingTimers);
    }

    [Fact]
    public void Burst_OfASecond_WithinTheBudgetOfTen_IsNothing()
    {
        using var traffic = CreateSut(10_000);
        for (var round = 0; round < 10; round++)
        {
            Run(traffic, 90_000, 1);
            Run(traffic, 0, 9);
        }

        Assert.Empty(_events);
        Assert.Equal(9_000, traffic.BytesPerSecond);
        Assert.Equal(9_000, _metrics.Snapshot().Single(sample => sample is { Name: "pipeline.feed.wire_rate", Tag: "binance" }).Value);
    }

    [Fact]
    public void WithoutABudget_NothingIsTold_AndNoTimerRuns()
    {
        using var traffic = CreateSut(null);
        Run(traffic, 1_000_000, 30);

        Assert.Empty(_events);
        Assert.Equal(0, _time.PendingTimers);
    }

    private VenueTraffic CreateSut(long? budget)
    {
        var traffic = new VenueTraffic("binance", budget, _time, _metrics);
        traffic.Events.Subscribe(_events.Add);
        return traffic;
    }

    private void Run(VenueTraffic traffic, long bytesPerSecond, int seconds)
    {
        for (var tenth = 0; tenth < 10 * seconds; tenth++)
        {
            traffic.Note(bytesPerSecond / 10);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
