using Pipeline.Host.Collecting.Sharing;

namespace Pipeline.Tests.Host.Collecting.Sharing;

public sealed class PartitionSlotsTests
{
    private readonly PartitionSlots<Thing> _slots = new(2);

    [Fact]
    public async Task KeepAsync_NothingWasThere_IsThereInItsPartition()
    {
        var thing = new Thing();

        Assert.True(await _slots.KeepAsync(1, _slots.TurnOf(1), thing));

        Assert.Equal((null, thing), (_slots[0], _slots[1]));
        Assert.Equal(0, thing.Ended);
    }

    [Fact]
    public async Task KeepAsync_EndedWhileItWasMade_IsEndedAtOnce()
    {
        var thing = new Thing();
        var turn = _slots.TurnOf(0);
        await _slots.EndAsync(0);

        Assert.False(await _slots.KeepAsync(0, turn, thing));

        Assert.Null(_slots[0]);
        Assert.Equal(1, thing.Ended);
    }

    [Fact]
    public async Task KeepAsync_OneOfAnEarlierTurnComesLate_TheNewOneStays()
    {
        var (late, thing) = (new Thing(), new Thing());
        var turn = _slots.TurnOf(0);
        await _slots.EndAsync(0);
        await _slots.KeepAsync(0, _slots.TurnOf(0), thing);

        Assert.False(await _slots.KeepAsync(0, turn, late));

        Assert.Same(thing, _slots[0]);
        Assert.Equal((1, 0), (late.Ended, thing.Ended));
    }

    [Fact]
    public async Task KeepAsync_AnotherOfTheSameTurn_TheOneBeforeIsEnded()
    {
        var (first, second) = (new Thing(), new Thing());
        await _slots.KeepAsync(0, _slots.TurnOf(0), first);

        Assert.True(await _slots.KeepAsync(0, _slots.TurnOf(0), second));

        Assert.Same(second, _slots[0]);
        Assert.Equal((1, 0), (first.Ended, second.Ended));
    }

    [Fact]
    public async Task EndAsync_Twice_EndsOnce()
    {
        var thing = new Thing();
        await _slots.KeepAsync(0, _slots.TurnOf(0), thing);

        await _slots.EndAsync(0);
        await _slots.EndAsync(0);

        Assert.Null(_slots[0]);
        Assert.Equal(1, thing.Ended);
    }

    private sealed class Thing : IAsyncDisposable
    {
        public int Ended { get; private set; }

        public ValueTask DisposeAsync()
        {
            Ended++;
            return default;
        }
    }
}
