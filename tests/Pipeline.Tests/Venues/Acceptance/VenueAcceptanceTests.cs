using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Venues.Acceptance;

/// <summary>
/// The table of cases that every venue must pass, over real sockets against the simulator's dialect; one fact per row. A venue is a
/// subclass that says what it is, an exchange one of <see cref="ExchangeAcceptanceTests"/>. The table with its reasons is in
/// <c>src/Pipeline.Venues/README.md</c>.
/// </summary>
public abstract class VenueAcceptanceTests
{
    private readonly Lazy<AcceptanceVenue> _venue;

    protected VenueAcceptanceTests() => _venue = new Lazy<AcceptanceVenue>(() => (AcceptanceVenue)Describe());

    private protected AcceptanceVenue Venue => _venue.Value;

    private protected IVenueAdapter Adapter => Venue.Adapter;

    /// <summary>TC-01 subscribe, TC-02 acknowledgement.</summary>
    [Fact]
    public async Task Subscribe_EverythingThereIs_IsConfirmedAndHeldByTheVenue()
    {
        await using var world = await AcceptanceWorld.StartAsync(Venue);
        await world.ReadyAsync();

        Assert.All(world.Feed.Statistics.Connections, connection => Assert.Equal(connection.Streams, connection.Confirmed));
        Assert.All(world.Outcomes, outcome => Assert.Null(outcome.Reason));
        Assert.Equal(world.Feed.Statistics.TotalStreams, await CountStreamsAsync(world));
    }

    /// <summary>TC-05 a record of each channel, and not one dead letter.</summary>
    [Fact]
    public virtual async Task Receive_EveryChannel_BringsItsRecords()
    {
        await using var world = await AcceptanceWorld.StartAsync(Venue);
        await world.ReadyAsync();
        await world.UntilAsync(() => Adapter.Channels.All(world.Records.ContainsKey));

        Assert.Empty(world.DeadLetters);
    }

    /// <summary>TC-07 rubbish costs itself alone.</summary>
    [Fact]
    public async Task Receive_Rubbish_IsADeadLetterAndLosesNothingElse()
    {
        await using var world = await AcceptanceWorld.StartAsync(Venue);
        await world.ReadyAsync();
        await world.Simulation.PostAsync("/frames", Encoding.UTF8.GetBytes("{\"topic\":\"\u0001"));
        await world.Simulation.PostAsync("/frames?opcode=binary", [0xC3, 0x28, 0x00]);
        await world.UntilAsync(() => world.DeadLetters.Count >= 2 * world.Feed.Statistics.TotalConnections);
        var before = world.Records.Values.Sum();
        await world.UntilAsync(() => world.Records.Values.Sum() > before);

        Assert.All(world.DeadLetters, reason => Assert.Equal("malformed", reason));
        Assert.Empty(world.Events.OfType<ConnectionLost>());
    }

    /// <summary>TC-09 resubscription: a broken connection comes back with all its streams.</summary>
    [Fact]
    public async Task Reconnect_AfterAReset_AsksForEverythingAgain()
    {
        await using var world = await StartStandingAsync();
        var streams = world.Feed.Statistics.TotalStreams;
        await BreakAsync(world);

        Assert.Equal(streams, await CountStreamsAsync(world));
    }

    /// <summary>TC-12 limits: spread over small connections, asked for in as many requests as it takes, nothing breaks the venue's rules.</summary>
    [Fact]
    public async Task Limits_OfConnectionsAndRequests_AreKept()
    {
        var most = Math.Min(Adapter.Limits.MaxStreamsPerRequest + 2, Adapter.Limits.MaxStreamsPerConnection);
        await using var world = await AcceptanceWorld.StartAsync(Venue, pool: new PoolOptions { MaxStreamsPerConnection = most });
        await world.ReadyAsync();

        Assert.Empty(world.Events.OfType<ConnectionLost>());
        Assert.All(world.Outcomes, outcome => Assert.InRange(outcome.Streams.Count, 1, Adapter.Limits.MaxStreamsPerRequest));
        foreach (var connection in (await world.Simulation.GetAsync("/connections")).EnumerateArray())
        {
            Assert.InRange(connection.GetProperty("streams").GetArrayLength(), 1, most);
        }
    }

    /// <summary>An <see cref="AcceptanceVenue"/>; typed loosely because xunit wants its classes public.</summary>
    protected abstract object Describe();

    /// <summary>The feed's clock stands still while the market goes on: nothing is asked for before it may be.</summary>
    private protected async Task<AcceptanceWorld> StartStandingAsync()
    {
        var world = await AcceptanceWorld.StartAsync(Venue, time: new TestTimeProvider());
        await world.ReadyAsync();
        await world.UntilAsync(() => CountHeard(world) > 0);
        return world;
    }

    /// <summary>Resets all connections and lets them come back; some of the market is missed.</summary>
    private protected async Task BreakAsync(AcceptanceWorld world)
    {
        var streams = world.Feed.Statistics.TotalStreams;
        foreach (var connection in (await world.Simulation.GetAsync("/connections")).EnumerateArray())
        {
            await world.Simulation.PostAsync($"/connections/{connection.GetProperty("id").GetInt32()}/abort");
        }

        world.Simulation.Clock.Advance(TimeSpan.FromSeconds(5));
        await world.SettleAsync(() => world.Feed.Statistics.Reconnections >= world.Feed.Statistics.TotalConnections
            && world.Feed.Statistics.Connections.Sum(connection => connection.Confirmed) == streams);
        var before = CountHeard(world);
        await world.UntilAsync(() => CountHeard(world) > before);
    }

    /// <summary>Trades of the first instrument, or all records where trades are not told.</summary>
    private int CountHeard(AcceptanceWorld world) =>
        Venue.SingleTrades is null ? world.Records.Values.Sum() : world.Trades.Count(trade => trade.Symbol == 0);

    private static async Task<int> CountStreamsAsync(AcceptanceWorld world) =>
        (await world.Simulation.GetAsync("/connections")).EnumerateArray().Sum(connection => connection.GetProperty("streams").GetArrayLength());
}
