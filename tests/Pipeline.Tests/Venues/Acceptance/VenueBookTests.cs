namespace Pipeline.Tests.Venues.Acceptance;

/// <summary>
/// Books over real sockets, lost and found again: every record that leaves is held against the simulator's own book. A venue is a
/// subclass that says what it is.
/// </summary>
public abstract class VenueBookTests
{
    private const int LeastRecords = 10_000;
    private const int Losses = 5;

    // Records of a book after which it has not missed what was left out.
    private const int UnnoticedRecords = 20;

    private readonly Lazy<BookVenueCase> _venue;

    protected VenueBookTests() => _venue = new Lazy<BookVenueCase>(() => (BookVenueCase)Describe());

    [Fact]
    public async Task Books_LostAgainAndAgain_AreTheVenuesOwnWheneverTheyStand()
    {
        await using var world = await BookWorld.StartAsync(_venue.Value);
        if (!_venue.Value.CountsPushes)
        {
            await LoseOneBookAsync(world);
        }

        foreach (var trouble in _venue.Value.Troubles)
        {
            await GoThroughAsync(world, trouble);
        }

        await CutAllConnectionsAsync(world);
        await world.UntilAsync(() => world.Sink.Records >= LeastRecords && world.AllValid);

        Assert.Empty(world.Sink.Faults);
    }

    /// <summary>A <see cref="BookVenueCase"/>; typed loosely because xunit wants its classes public.</summary>
    protected abstract object Describe();

    /// <summary>One request a loss, ever later; nothing leaves of the lost book, and the others go on.</summary>
    private static async Task LoseOneBookAsync(BookWorld world)
    {
        var (struck, neighbours) = (world.Instruments[0], world.Instruments.Skip(1).ToList());
        var requested = world.Figure("snapshots", "requested");
        var before = world.Instruments.Select(world.Sink.SnapshotsOf).ToList();
        for (var loss = 1; loss <= Losses; loss++)
        {
            await LoseTheBookAsync(world);
            Assert.Equal(loss, world.Figure("recoveries", "gap"));
            if (loss == Losses)
            {
                // By now it has to wait some seconds before it may ask.
                await world.SettleAsync();
                var (silent, others) = (world.Sink.RecordsOf(struck), neighbours.Sum(world.Sink.RecordsOf));
                await world.UntilAsync(() => neighbours.Sum(world.Sink.RecordsOf) >= others + 100);
                Assert.False(world.AllValid);
                Assert.Equal(silent, world.Sink.RecordsOf(struck));
            }

            await world.UntilAsync(() => world.AllValid);
        }

        await world.SettleAsync();
        Assert.Equal(Losses, world.Figure("recoveries"));
        Assert.InRange(world.Figure("snapshots", "requested") - requested, Losses, 2 * Losses);
        Assert.Equal([before[0] + Losses, .. before.Skip(1)], world.Instruments.Select(world.Sink.SnapshotsOf));
    }

    private static async Task GoThroughAsync(BookWorld world, BookTrouble trouble)
    {
        var (name, detail, by) = trouble.Figure;
        var before = world.Figure(name, detail);
        await world.Simulation.FaultAsync(trouble.Fault);
        if (trouble.LosesBook)
        {
            await LoseTheBookAsync(world);
        }

        await world.UntilAsync(() => world.Figure(name, detail) >= before + by && world.AllValid);
    }

    private static async Task CutAllConnectionsAsync(BookWorld world)
    {
        await world.SettleAsync();
        var reconnections = world.Feed.Statistics.Reconnections;
        var snapshots = world.Instruments.Select(world.Sink.SnapshotsOf).ToList();
        var moves = world.Figure("moves");
        foreach (var connection in (await world.Simulation.GetAsync("/connections")).EnumerateArray())
        {
            await world.Simulation.PostAsync($"/connections/{connection.GetProperty("id").GetInt32()}/abort");
        }

        // A book that missed nothing goes on over the new socket as it is.
        await world.UntilAsync(() => world.Feed.Statistics.Reconnections > reconnections
            && world.Instruments.Select(world.Sink.SnapshotsOf).Zip(snapshots).Count(pair => pair.First > pair.Second)
                + world.Figure("moves") - moves >= snapshots.Count);
        await world.UntilAsync(() => world.AllValid);
    }

    /// <summary>Leaves an update out that is missed: one that the book had by its snapshot already is not, and tells nothing.</summary>
    private static async Task LoseTheBookAsync(BookWorld world)
    {
        var (struck, gaps) = (world.Instruments[0], world.Figure("recoveries", "gap"));
        while (world.Figure("recoveries", "gap") == gaps)
        {
            var records = world.Sink.RecordsOf(struck);
            await world.Simulation.FaultAsync($$"""{"id":"F43","symbol":"{{struck.Symbol}}","count":1}""");
            await world.UntilAsync(() => world.Figure("recoveries", "gap") > gaps || world.Sink.RecordsOf(struck) >= records + UnnoticedRecords);
        }
    }
}
