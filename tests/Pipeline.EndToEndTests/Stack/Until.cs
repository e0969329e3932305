namespace Pipeline.EndToEndTests.Stack;

/// <summary>Waits for conditions, never for seconds; the bound only ends a test that has already failed.</summary>
internal static class Until
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> condition, Func<string>? explain = null, TimeSpan? bound = null) =>
        TrueAsync(() => Task.FromResult(condition()), explain, bound);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string>? explain = null, TimeSpan? bound = null)
    {
        var limit = bound ?? Bound;
        using var timeout = new CancellationTokenSource(limit);
        Exception? unanswered = null;
        while (!await IsSoAsync())
        {
            if (timeout.IsCancellationRequested)
            {
                throw new TimeoutException($"Not so within {limit.TotalSeconds} s. {explain?.Invoke()}", unanswered);
            }

            await Task.Delay(Pause);
        }

        // A server that does not answer in time is asked again.
        async Task<bool> IsSoAsync()
        {
            try
            {
                return await condition();
            }
            catch (TaskCanceledException exception) when (exception.InnerException is TimeoutException)
            {
                unanswered = exception;
                return false;
            }
        }
    }
}
