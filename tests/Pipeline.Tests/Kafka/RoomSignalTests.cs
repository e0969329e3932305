using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka;

public sealed class RoomSignalTests
{
    private readonly RoomSignal _signal = new();

    [Fact]
    public void Set_EveryWaiter_GoesOn()
    {
        var first = _signal.Next();
        var second = _signal.Next();
        Assert.False(first.IsCompleted);
        _signal.Set();
        Assert.True(first.IsCompletedSuccessfully);
        Assert.True(second.IsCompletedSuccessfully);
    }

    [Fact]
    public void Set_BeforeNext_IsNotRemembered()
    {
        _signal.Set();
        Assert.False(_signal.Next().IsCompleted);
    }
}
