using System.Runtime.CompilerServices;
using Pipeline.Core.Feeds;
using Pipeline.TestKit.Feeds.Virtual;
using Xunit.Abstractions;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>A feed in its second year is the feed of its first day.</summary>
public sealed class YearProofs(ITestOutputHelper output)
{
    private const int Days = 365;

    [Fact]
    public void Year_OfCutsAndStalls_LeavesNothingBehind() => ProofWorld.Run(world =>
    {
        var started = Worked();
        var sockets = new List<WeakReference>();
        world.Venue.Opened = socket => sockets.Add(new WeakReference(socket));
        world.List("lively", 2, TimeSpan.FromMinutes(2));
        world.List("quiet", 2, TimeSpan.FromHours(1));
        world.OpenAndWait(pool: new PoolOptions { MaxStreamsPerConnection = 2 });
        world.Advance(TimeSpan.FromDays(1));
        var timers = world.Time.PendingTimers;
        Trouble(world);

        var (mostTimers, mostOpen, longest) = (0, 0, TimeSpan.Zero);
        for (var day = 1; day < Days; day++)
        {
            world.Advance(TimeSpan.FromDays(1));
            mostTimers = Math.Max(mostTimers, world.Time.PendingTimers);
            mostOpen = Math.Max(mostOpen, world.Venue.Open.Count);
            world.Forget();
        }

        foreach (var record in world.Check.Records.Where(record => record.Stream.Name.StartsWith("lively", StringComparison.Ordinal)))
        {
            longest = record.LongestSilence > longest ? record.LongestSilence : longest;
        }

        var alive = Alive(sockets);
        var real = Worked() - started;
        output.WriteLine(
            $"a year in {real.TotalSeconds:F1} s: {world.Check.Trades:N0} trades, {world.Venue.Connects} connections, ends {string.Join(", ", world.Venue.Ends.Select(end => $"{end.Key} {end.Value}"))}; "
            + $"timers {timers} after a day, {mostTimers} at most; sockets still referenced {alive}; longest silence of a lively stream {longest}");
        Assert.True(real < TimeSpan.FromMinutes(1), $"took {real}");
        Assert.True(mostTimers <= timers + 8, $"{mostTimers} timers, {timers} after the first day");
        Assert.InRange(mostOpen, 2, 4);
        Assert.True(alive <= 8, $"{alive} of {sockets.Count} sockets are still referenced");

        // Replaced before the venue ends them, and on time after whatever else happened.
        Assert.DoesNotContain("1001 24 hours are over", world.Venue.Ends.Keys);
        Assert.InRange(world.Venue.Connects, 2 * Days * 24 / 25, 2 * Days * 2);
        Assert.All(world.Check.Records, record => Assert.True(world.Now - record.LastNewAt <= TimeSpan.FromHours(2)));
        Assert.Empty(world.Venue.Violations);
    });

    /// <summary>Processor time of this thread, on which all of it runs: what else the machine does is not this test's.</summary>
    private static TimeSpan Worked() => TimeSpan.FromMicroseconds(
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) / 1000);

    private static void Trouble(ProofWorld world)
    {
        var venue = world.Venue;
        venue.NowAndThen(TimeSpan.FromDays(2), () => venue.Any()?.Cut());
        venue.NowAndThen(TimeSpan.FromDays(5), () => venue.Any()?.Close(1008));
        venue.NowAndThen(TimeSpan.FromDays(7), () => Stall(venue.Any(), socket => socket.IsBlackHole = true));
        venue.NowAndThen(TimeSpan.FromDays(7), () => Stall(venue.Any(), socket => socket.IsMute = true));
        venue.NowAndThen(TimeSpan.FromDays(20), () =>
        {
            venue.GoAway();
            venue.After(TimeSpan.FromMinutes(8), venue.ComeBack);
        });
        venue.NowAndThen(TimeSpan.FromDays(20), () => venue.AnnounceShutdown(TimeSpan.FromMinutes(1)));
    }

    private static void Stall(VirtualSocket? socket, Action<VirtualSocket> how)
    {
        if (socket is not null)
        {
            how(socket);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Alive(List<WeakReference> sockets)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return sockets.Count(socket => socket.IsAlive);
    }
}
