using Pipeline.Core.Feeds;
using Pipeline.TestKit.Feeds.Virtual;
using Xunit.Abstractions;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>What venues do to connections without saying so: how soon it is noticed, and how soon data is back.</summary>
public sealed class StallProofs(ITestOutputHelper output)
{
    /// <summary>After so long a connection of busy streams has shown that it is busy.</summary>
    private static readonly TimeSpan History = TimeSpan.FromMinutes(11);

    private static readonly TimeSpan Most = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("F05 closed with 1008", 0, 2)]
    [InlineData("F06 closed with 1001", 0, 2)]
    [InlineData("F07 reset", 0, 2)]
    [InlineData("F07 black hole", 2, 5)]
    [InlineData("F12 data muted", 2, 5)]
    [InlineData("F40 silent stall", 2, 5)]
    public void BusyConnection_ThatFails_IsBackInTime(string fault, double detectedWithin, double backWithin) => ProofWorld.Run(world =>
    {
        var struck = Prepare(world);
        var stream = world.Venue.Streams.First(one => struck.Has(one.Name)).Name;
        Report(world, fault, stream, () => Strike(struck, fault), detectedWithin, backWithin);

        // The others did not notice, and the one that was struck is whole again.
        world.Advance(20);
        Assert.Equal(2, world.Venue.Open.Count);
        Assert.DoesNotContain(struck, world.Venue.Open);
        Assert.Equal(3, world.Venue.Connects);
        Assert.All(world.Check.Records.Where(record => record.Stream.Interval < TimeSpan.FromSeconds(1)), record => Assert.True(world.Now - record.LastNewAt < TimeSpan.FromSeconds(1)));
    });

    [Fact]
    public void F20_AckWithoutData_IsNoticedAsSilence() => ProofWorld.Run(world =>
    {
        var struck = Prepare(world);
        var stream = world.Venue.Streams.First(one => struck.Has(one.Name)).Name;
        world.Venue.AcksWithoutData = true;
        world.Do(struck.Cut);
        world.Until(
            () => world.Venue.Open.Count == 2 && world.Feed.Statistics.Connections.All(one => one.Confirmed == one.Streams), Most, "it is subscribed anew");
        world.Venue.AcksWithoutData = false;

        Report(world, "F20 ack without data", stream, () => { }, 2, 5);
    });

    [Theory]
    [InlineData(false, 11)]
    [InlineData(true, 11)]
    public void F22_RequestOrAckSwallowed_IsRepeated(bool isAck, double withinSeconds) => ProofWorld.Run(world =>
    {
        var struck = Prepare(world);
        var streams = world.Venue.Streams.Where(one => struck.Has(one.Name)).ToList();
        (world.Venue.SwallowRequests, world.Venue.SwallowAcks) = isAck ? (0, 1) : (1, 0);
        var at = world.Now;
        world.Do(struck.Cut);

        // A swallowed request is noticed as silence of a busy connection; where only the answer is missing, data flows.
        var busy = streams.Where(one => one.Interval < TimeSpan.FromSeconds(1)).ToList();
        busy.ForEach(one => world.UntilData(one.Name, at, Most));
        var back = world.Now - at;
        Assert.True(back < TimeSpan.FromSeconds(isAck ? 1 : 2 + 5), $"back after {back}");

        world.Until(
            () => world.Feed.Statistics.Connections.All(one => one.Confirmed == one.Streams), Most, "everything is confirmed again");
        var took = world.Now - at;
        output.WriteLine($"| F22 {(isAck ? "ack" : "request")} swallowed | data back after {back.TotalSeconds:F2} s | {took.TotalSeconds:F2} s to the confirmation |");
        Assert.True(took < TimeSpan.FromSeconds(withinSeconds), $"took {took}");
        world.Advance(1);
        Assert.All(busy, one => Assert.True(world.Now - world.Check.Of(one.Name).LastNewAt < TimeSpan.FromSeconds(1)));
    });

    [Fact]
    public void ExchangeSilentOnEveryConnection_IsProbedAndNotStormed() => ProofWorld.Run(world =>
    {
        Prepare(world);
        var before = world.Venue.Attempts.Count;
        world.Venue.IsMute = true;
        world.Advance(600);
        var attempts = world.Venue.Attempts.Count - before;
        output.WriteLine($"exchange silent for 600 s: {attempts} connects of two connections");
        Assert.InRange(attempts, 2, 2 * ((600 / 30) + 2));

        world.Venue.IsMute = false;
        var since = world.Now;
        foreach (var stream in world.Venue.Streams.Where(one => one.Interval < TimeSpan.FromSeconds(1)))
        {
            world.UntilData(stream.Name, since, TimeSpan.FromSeconds(1));
        }

        world.Advance(60);
        Assert.Equal(2, world.Venue.Open.Count);
    });

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void ConnectionThatIsNotBusy_BlackHoled_WhereNobodyCanBeAsked_IsReplacedOnceRequestsStayUnanswered(double intervalSeconds) =>
        ProofWorld.Run(world =>
        {
            world.CannotProbe = true;
            var lively = world.List("lively", 2, TimeSpan.FromSeconds(intervalSeconds));
            world.OpenAndWait();
            world.Advance(60);
            var (at, lines) = (world.Now, world.Log.Lines.Length);
            world.Venue.Open.Single().IsBlackHole = true;

            var detected = world.Until(
                () => world.Events.Exists(one => one.At >= at && one.Event is ConnectionSuspected), Most, "it is suspected");
            lively.ForEach(stream => world.UntilData(stream.Name, world.Now, Most));
            var back = world.Now - at;
            world.Advance(60);
            output.WriteLine(
                $"| F07 black hole, a trade every {intervalSeconds} s, no probes | detected after {detected.TotalSeconds:F1} s | data back after {back.TotalSeconds:F1} s |");

            // Longest usual silence times four, at least ten seconds; then two requests with ten seconds for each answer.
            Assert.InRange(detected.TotalSeconds, 20, Math.Max(10, 4 * intervalSeconds) + 24);
            Assert.True(back - detected < TimeSpan.FromSeconds((2 * intervalSeconds) + 5), $"back after {back}");
            Assert.Equal(2, world.Venue.Connects);
            Assert.Equal(2, world.Log.Lines.Length - lines);
            Assert.Single(world.Log.Lines[lines..], line => line == "binance-1 suspected: no data, and requests are not answered");
            Assert.Single(world.Log.Lines[lines..], line => line.StartsWith("binance-1 has data again (Stalled) after ", StringComparison.Ordinal));
        });

    [Fact]
    public void QuietConnection_IsLeftAlone() => ProofWorld.Run(world =>
    {
        world.List("quiet", 5, TimeSpan.FromHours(1));
        world.OpenAndWait();
        world.Advance(12 * 3600);

        Assert.Single(world.Venue.Attempts);
        Assert.Empty(world.Losses);
    });

    /// <summary>Two connections that have been busy for long; the first is returned.</summary>
    private static VirtualSocket Prepare(ProofWorld world)
    {
        world.List("busy", 8, TimeSpan.FromMilliseconds(50));
        world.List("quiet", 2, TimeSpan.FromHours(1));
        world.OpenAndWait(pool: new PoolOptions { MaxStreamsPerConnection = 5 });
        world.Advance(History);
        Assert.Equal(2, world.Venue.Connects);
        return world.Venue.Open[0];
    }

    private static void Strike(VirtualSocket socket, string fault)
    {
        switch (fault)
        {
            case "F05 closed with 1008":
                socket.Close(1008);
                break;
            case "F06 closed with 1001":
                socket.Close(1001, "24 hours are over");
                break;
            case "F07 reset":
                socket.Cut();
                break;
            case "F07 black hole":
                socket.IsBlackHole = true;
                break;
            default:
                socket.IsMute = true;
                break;
        }
    }

    /// <summary>Strikes, and asserts when the client did something about it, and how long after that data was back.</summary>
    private void Report(ProofWorld world, string fault, string stream, Action strike, double detectedWithin, double backWithin)
    {
        var at = world.Now;
        var (attempts, events) = (world.Venue.Attempts.Count, world.Events.Count);
        world.Do(strike);
        var detected = world.Until(
            () => world.Venue.Attempts.Count > attempts || world.Events.Skip(events).Any(one => one.Event is ConnectionSuspected or ConnectionLost),
            Most,
            $"{fault} is noticed");
        world.UntilData(stream, world.Now, Most);
        var back = world.Now - at;
        output.WriteLine($"| {fault} | detected after {detected.TotalSeconds:F2} s | data back after {back.TotalSeconds:F2} s |");
        Assert.True(detected <= TimeSpan.FromSeconds(detectedWithin), $"detected after {detected}");
        Assert.True(back - detected <= TimeSpan.FromSeconds(backWithin), $"back after {back}");
    }
}
