using Pipeline.Core.Market;
using Xunit.Abstractions;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>One stream is in trouble and its connection is not: the stream alone is mended, and no quiet one is cut for nothing.</summary>
public sealed class StreamProofs(ITestOutputHelper output)
{
    [Fact]
    public void F41_OneStreamStalls_IsProbedAndSubscribedAnew_AndNoOtherIsTouched() => ProofWorld.Run(world =>
    {
        var streams = world.List("busy", 5, TimeSpan.FromMilliseconds(100));
        world.OpenAndWait();
        world.Advance(TimeSpan.FromMinutes(2));
        world.Check.Watch();
        var stalled = streams[2].Name;
        var at = world.Now;
        var requests = world.Venue.Requests;

        world.Do(() => world.Venue.Open[0].Mute(stalled));
        var detected = world.Until(() => world.Healths.Exists(one => one.At > at && one.Health.State == HealthState.Stale), TimeSpan.FromMinutes(1), "it is stale");
        world.UntilData(stalled, at, TimeSpan.FromMinutes(1));
        var back = world.Now - at;

        output.WriteLine($"| F41 one stream stalls | detected after {detected.TotalSeconds:F2} s | data back after {back.TotalSeconds:F2} s |");
        Assert.InRange(detected.TotalSeconds, 10, 12.5);
        Assert.True(back - detected < TimeSpan.FromSeconds(5), $"back after {back}");
        Assert.Equal([stalled], world.Probes.Select(probe => probe.Stream).Distinct());
        Assert.Equal(requests + 2, world.Venue.Requests);
        Assert.Single(world.Venue.Attempts);
        Assert.All(streams.Where(one => one.Name != stalled), one => Assert.True(world.Check.Of(one.Name).LongestSilence <= TimeSpan.FromMilliseconds(100)));
    });

    [Fact]
    public void F20_OneStreamAckedWithoutData_IsProbed_AndSubscribedAnew() => ProofWorld.Run(world =>
    {
        var streams = world.List("busy", 5, TimeSpan.FromMilliseconds(100));
        world.Venue.Opened = socket => socket.Mute("nothing");
        world.Open();
        world.Until(() => world.Venue.Open.Count == 1 && world.Venue.Open[0].Streams == 5, TimeSpan.FromSeconds(10), "it is subscribed");
        var stalled = streams[0].Name;
        world.Venue.Open[0].Mute(stalled);
        var at = world.Now;

        world.UntilData(stalled, at, TimeSpan.FromMinutes(2));
        var back = world.Now - at;
        output.WriteLine($"| F20 one stream acked without data | probed after {(world.Probes[0].At - at).TotalSeconds:F2} s | data back after {back.TotalSeconds:F2} s |");
        Assert.InRange((world.Probes[0].At - at).TotalSeconds, 10, 12.5);
        Assert.True(back < (world.Probes[0].At - at) + TimeSpan.FromSeconds(5), $"back after {back}");
        Assert.Single(world.Venue.Attempts);
    });

    [Fact]
    public void QuietStreams_OfADay_AreProbedAndLeftAlone() => ProofWorld.Run(world =>
    {
        var quiet = world.List("quiet", 20, TimeSpan.FromHours(1), isRegular: false);
        world.OpenAndWait();
        var requests = world.Venue.Requests;
        world.Advance(TimeSpan.FromHours(20));

        output.WriteLine($"20 streams that trade once an hour: {world.Probes.Count} probes in 20 hours, {world.Venue.Requests - requests} requests, {world.Venue.Attempts.Count} connects");
        Assert.NotEmpty(world.Probes);
        Assert.Equal(requests, world.Venue.Requests);
        Assert.Single(world.Venue.Attempts);
        Assert.DoesNotContain(world.Healths, one => one.Health.State == HealthState.Stale);
        Assert.All(quiet, stream => Assert.Equal(stream.LastId, world.Check.Of(stream.Name).Last));
    });
}
