namespace Pipeline.Host.Collecting.Sharing;

/// <summary>Work that runs beside everything else until it is ended together; the first failure is told. Safe from any thread.</summary>
internal sealed class GuardedTasks : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _running = [];
    private bool _hasEnded;

    /// <summary>Fails with the first work that does; does not complete otherwise.</summary>
    public Task Failure => _failure.Task;

    /// <summary>Begins some work, not on the caller's time. Once all is ended nothing begins any more.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        lock (_running)
        {
            if (!_hasEnded)
            {
                _running.RemoveAll(one => one.IsCompleted);
                _running.Add(GuardAsync(work, _ending.Token));
            }
        }
    }

    /// <summary>Completes when all of it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_running)
        {
            if (_hasEnded)
            {
                return;
            }

            _hasEnded = true;
            running = [.. _running];
        }

        await _ending.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task GuardAsync(Func<CancellationToken, Task> work, CancellationToken ending)
    {
        await Task.Yield();
        try
        {
            await work(ending);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The normal end.
        }
        catch (Exception error)
        {
            _failure.TrySetException(error);
        }
    }
}
