using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class SerialLineTests
{
    [Fact]
    public void ActionsOfManyThreads_RunOneAtATime_AndNoneIsLost()
    {
        var line = new SerialLine(_ => { });
        var inside = 0;
        var most = 0;
        var count = 0;
        Parallel.For(0, 10_000, _ => line.Run(() =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            count++;
            Interlocked.Decrement(ref inside);
        }));

        // What was left to another thread has run when the last of them is out.
        var end = false;
        SpinWait.SpinUntil(() =>
        {
            line.Run(() => end = true);
            return end;
        });
        Assert.Equal(1, most);
        Assert.Equal(10_000, count);
    }

    [Fact]
    public void AnActionOfAnAction_RunsAfterIt()
    {
        var told = new List<string>();
        var line = new SerialLine(_ => { });
        line.Run(() =>
        {
            line.Run(() => told.Add("second"));
            told.Add("first");
        });

        Assert.Equal(["first", "second"], told);
    }

    [Fact]
    public void AnActionThatFails_IsTold_AndTheNextOnesRun()
    {
        var errors = new List<string>();
        var line = new SerialLine(error => errors.Add(error.Message));
        var ran = false;
        line.Run(() =>
        {
            line.Run(() => ran = true);
            throw new InvalidOperationException("broken");
        });

        Assert.True(ran);
        Assert.Equal(["broken"], errors);
    }
}
