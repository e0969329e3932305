using Pipeline.Fanout;

namespace Pipeline.SocketIo.Tests.Fanout;

public sealed class TieringPauseTests
{
    [Fact]
    public void BeforeAsync_PausesBetweenBursts_AndOnlyTheFirstTime()
    {
        var pause = new TieringPause(every: 2);

        bool[] first = [.. Enumerable.Range(0, 6).Select(round => pause.BeforeAsync(round).IsCompleted)];
        bool[] second = [.. Enumerable.Range(0, 6).Select(round => pause.BeforeAsync(round).IsCompleted)];

        Assert.Equal([true, true, false, true, false, true], first);
        Assert.DoesNotContain(false, second);
    }
}
