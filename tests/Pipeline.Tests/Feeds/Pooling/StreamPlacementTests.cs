using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class StreamPlacementTests
{
    private readonly StreamPlacement _placement = new(10);
    private readonly List<PoolSlot> _slots = [];
    private int _mayOpen = int.MaxValue;
    private long _order;

    [Fact]
    public void StreamsThatComeTogether_AreSpreadEvenly_OverTheFewestConnections()
    {
        Assert.Empty(Place(25));

        Assert.Equal([9, 8, 8], _slots.Select(slot => slot.Count));
    }

    [Fact]
    public void OneAfterTheOther_TakeTurns_AndANewOneIsOpenedOnlyWhenNoneHasRoom()
    {
        Place(12);
        Assert.Equal([6, 6], _slots.Select(slot => slot.Count));
        for (var i = 0; i < 5; i++)
        {
            Place(1);
        }

        Assert.Equal([9, 8], _slots.Select(slot => slot.Count).OrderDescending());
        Place(3);
        Assert.Equal(2, _slots.Count);
        Place(1);
        Assert.Equal([10, 10, 1], _slots.Select(slot => slot.Count));
    }

    [Fact]
    public void ConnectionThatIsNotHealthy_IsLeftOut_AsLongAsAnotherMayBeOpened()
    {
        Place(4);
        Connection(0).IsHealthy = false;

        Place(2);
        Assert.Equal([4, 2], _slots.Select(slot => slot.Count));
        _mayOpen = 0;
        Assert.Empty(Place(14));
        Assert.Equal([10, 10], _slots.Select(slot => slot.Count));
    }

    [Fact]
    public void ConnectionThatIsGivenUp_TakesNothing()
    {
        Place(4);
        _slots[0].IsGivenUp = true;
        _mayOpen = 0;

        Assert.Equal(2, Place(2).Count);
        Assert.Equal(4, _slots[0].Count);
    }

    [Fact]
    public void MoreThanThereIsRoomFor_TheLastFindNoPlace()
    {
        _mayOpen = 2;

        Assert.Equal([21, 22, 23], Place(23).Select(stream => stream.Order));
        Assert.Equal([10, 10], _slots.Select(slot => slot.Count));
    }

    private FakePooledConnection Connection(int slot) => (FakePooledConnection)_slots[slot].Connection;

    private List<PooledStream> Place(int count) => _placement.Place(
        ("", 1),
        [.. Enumerable.Range(0, count).Select(_ => new PooledStream("s", "", 0, ++_order, 0))],
        _slots,
        () => _mayOpen-- > 0 ? new PoolSlot(new FakePooledConnection($"test-{_slots.Count + 1}"), _slots.Count + 1, 0) : null);
}
