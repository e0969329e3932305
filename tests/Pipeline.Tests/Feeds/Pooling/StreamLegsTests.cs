using Pipeline.Core.Feeds;
using Pipeline.TestKit.Feeds;

namespace Pipeline.Tests.Feeds.Pooling;

/// <summary>Streams of one leg and of two in one pool, and how one becomes the other.</summary>
public sealed class StreamLegsTests
{
    [Fact]
    public void StreamsOfOneLegAndOfTwo_NeverShareAConnection()
    {
        using var world = new PoolWorld();
        var all = new[] { Stream("s1", null), Stream("s2", 2), Stream("s3", 1), Stream("s4", 2) }.Select(world.Feed.Subscribe).ToList();
        world.Advance(2);

        Assert.Equal(["test-1 2", "test-2 2"], world.Feed.Statistics.Connections.Select(one => $"{one.Id} {one.Confirmed}"));
        Assert.Equal(["s1,s3", "s2,s4", "s2,s4"], world.Venue.Open.Select(Held).Order());
        Assert.Equal(["test-1", "test-2"], new[] { "s3", "s4" }.Select(world.Feed.ConnectionOf));
        Assert.Equal(["test-2a", "test-2b"], world.Events.OfType<ConnectionOpened>().Select(one => one.Leg).OfType<string>().Order());
        Assert.Equal(4, all.Count);

        string Held(FakeFeedSocket socket) => string.Join(',', new[] { "s1", "s2", "s3", "s4" }.Where(stream => world.Venue.Holds(socket, stream)));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void StreamThatMoves_IsNeverWithoutASocket_AndTouchesNoOther(int from, int to)
    {
        using var world = new PoolWorld();
        var all = new[] { "s1", "s2", "s3" }.Select(name => world.Feed.Subscribe(Stream(name, from))).ToList();
        world.Advance(2);
        var requests = world.Requests;

        world.Feed.Update(Stream("s2", to));
        var carriers = new List<int>();
        for (var id = 1; id <= 300; id++)
        {
            world.Advance(0.1);
            carriers.Add(world.Send("s2", id));
        }

        // Asked for within the batch's 100 ms, in both places until 15 s after the acknowledgement, then in the new one alone.
        Assert.Equal([from, from + to, to], carriers.Where((count, i) => i == 0 || carriers[i - 1] != count));
        Assert.InRange(carriers.Count(count => count == from + to), 149, 152);
        Assert.Equal(Enumerable.Range(1, 300).Select(id => $"s2 {id}"), world.Data.Select(one => one.Text).Distinct());
        Assert.Equal(requests + from + to, world.Requests);
        Assert.Equal(["UNSUBSCRIBE s2"], Sent(world.Transport.Sockets[0]).Skip(1));
        Assert.Equal(["SUBSCRIBE s2"], Sent(world.Transport.Socket));
        Assert.Equal(["test-1", "test-2", "test-1"], new[] { "s1", "s2", "s3" }.Select(world.Feed.ConnectionOf));
        Assert.Empty(world.Failures);
        Assert.Equal(3, all.Count);
    }

    [Fact]
    public void WhileAStreamMoves_WhatOneConnectionLacksTheOtherMayBring()
    {
        using var world = new PoolWorld();
        using var one = world.Feed.Subscribe(Stream("s1", 2));
        using var other = world.Feed.Subscribe(Stream("s2", 1));
        world.Advance(2);
        world.Send("s2", 1);
        world.Feed.Update(Stream("s1", 1));
        world.Advance(1);
        world.Send("s1", 2);
        world.Advance(15);
        world.Send("s1", 3);

        Assert.Equal((1, "test-2"), (world.Data[0].Origin.Legs, world.Data[0].Leg));
        Assert.Equal(
            ["test-1a 3", "test-1b 3", "test-2 2"],
            world.Data.Where(data => data.Text == "s1 2").Select(data => $"{data.Leg} {data.Origin.Legs}").Order());
        Assert.Equal(["test-2 1"], world.Data.Where(data => data.Text == "s1 3").Select(data => $"{data.Leg} {data.Origin.Legs}"));

        // The connection that nothing is on any more is closed.
        Assert.Equal("test-2", Assert.Single(world.Feed.Statistics.Connections).Id);
        Assert.Single(world.Venue.Open);
    }

    [Fact]
    public void WithoutRoomForOtherLegs_AStreamStaysAndIsTold_AndMovesOnceThereIs()
    {
        using var world = new PoolWorld(new PoolOptions { MaxConnections = 1 });
        var first = world.Feed.Subscribe(Stream("s1", 1));
        using var second = world.Feed.Subscribe(Stream("s2", 1));
        world.Advance(2);

        world.Feed.Update(Stream("s2", 2));
        world.Advance(20);
        var unplaced = Assert.Single(world.Events.OfType<StreamsUnplaced>());
        Assert.Equal("s2", Assert.Single(unplaced.Streams));
        Assert.EndsWith("those that are to have another number of legs stay where they are", unplaced.Reason, StringComparison.Ordinal);
        Assert.Equal((2, 0), (world.Feed.Statistics.ActiveStreams, world.Feed.Statistics.UnplacedStreams));
        Assert.Equal(1, world.Send("s2", 1));

        // Back again: as if nothing had been.
        world.Feed.Update(Stream("s2", 1));
        first.Dispose();
        world.Advance(60);
        Assert.Equal(1, world.Send("s2", 2));
        Assert.Equal("test-1", world.Feed.ConnectionOf("s2"));
        Assert.Single(world.Transport.Sockets);
    }

    [Fact]
    public void AWishThatChangesWhileAStreamMoves_IsFollowedAfterwards()
    {
        using var world = new PoolWorld();
        using var one = world.Feed.Subscribe(Stream("s1", 1));
        using var other = world.Feed.Subscribe(Stream("s2", 1));
        world.Advance(2);
        world.Feed.Update(Stream("s1", 2));
        world.Advance(1);
        world.Feed.Update(Stream("s1", 1));
        for (var id = 1; id <= 40; id++)
        {
            world.Advance(1);
            Assert.InRange(world.Send("s1", id), 1, 3);
        }

        Assert.Equal("test-1", world.Feed.ConnectionOf("s1"));
        Assert.Equal(2, Assert.Single(world.Feed.Statistics.Connections).Confirmed);
    }

    [Fact]
    public void AStreamThatIsLetGoWhileItMoves_IsLeftInBothPlaces()
    {
        using var world = new PoolWorld(new PoolOptions { CleanupPeriod = TimeSpan.FromSeconds(3) });
        var reference = world.Feed.Subscribe(Stream("s1", 1));
        using var other = world.Feed.Subscribe(Stream("s2", 1));
        world.Advance(2);
        world.Feed.Update(Stream("s1", 2));
        world.Advance(1);
        reference.Dispose();
        world.Advance(5);

        Assert.Equal(0, world.Send("s1", 1));
        Assert.Equal("s2", Assert.Single(world.Feed.Statistics.Streams).Name);
        Assert.Equal("test-1", Assert.Single(world.Feed.Statistics.Connections).Id);
        world.Advance(30);
        world.Send("s2", 2);
        Assert.Equal(1, world.Data[^1].Origin.Legs);
    }

    private static FeedStream Stream(string name, int? legs) => PoolWorld.Stream(name, legs: legs);

    private static IEnumerable<string> Sent(FakeFeedSocket socket) =>
        socket.Sent.Select(sent => TestVenueAdapter.Decode(sent.Text)).Select(sent => $"{sent.Method} {string.Join(' ', sent.Streams)}");
}
