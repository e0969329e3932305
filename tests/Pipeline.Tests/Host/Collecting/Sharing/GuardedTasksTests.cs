using Pipeline.Host.Collecting.Sharing;

namespace Pipeline.Tests.Host.Collecting.Sharing;

public sealed class GuardedTasksTests
{
    [Fact]
    public async Task Run_OneFails_TheFirstFailureIsTold()
    {
        await using var tasks = new GuardedTasks();

        tasks.Run(_ => throw new InvalidOperationException("no more"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => tasks.Failure.WaitAsync(RealTime.Bound));
        Assert.Equal("no more", error.Message);
    }

    [Fact]
    public async Task DisposeAsync_SomeRun_EndsThemAndNothingHasFailed()
    {
        var tasks = new GuardedTasks();
        var ended = new TaskCompletionSource();
        tasks.Run(async ending =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, ending);
            }
            finally
            {
                ended.SetResult();
            }
        });

        await tasks.DisposeAsync().AsTask().WaitAsync(RealTime.Bound);

        Assert.True(ended.Task.IsCompleted);
        Assert.False(tasks.Failure.IsCompleted);
    }

    [Fact]
    public async Task Run_AfterTheEnd_BeginsNothingAndNothingHasFailed()
    {
        var tasks = new GuardedTasks();
        await tasks.DisposeAsync();
        var begun = new TaskCompletionSource();

        tasks.Run(_ =>
        {
            begun.SetResult();
            return Task.CompletedTask;
        });

        // Whatever had begun would be ahead of this in the queue of the pool.
        await Task.Yield();
        Assert.False(begun.Task.IsCompleted);
        Assert.False(tasks.Failure.IsCompleted);
    }
}
