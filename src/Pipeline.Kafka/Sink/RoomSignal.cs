namespace Pipeline.Kafka.Sink;

/// <summary>Tells those who wait that the client may have room again. Costs nothing while nobody waits.</summary>
internal sealed class RoomSignal
{
    private TaskCompletionSource? _next;

    /// <summary>
    /// Completes at the next <see cref="Set"/>. Take it, try once more, and only then await it: room made in between is not missed.
    /// </summary>
    public Task Next()
    {
        if (Volatile.Read(ref _next) is { } waiting)
        {
            return waiting.Task;
        }

        // Asynchronously, so that a waiting lane goes on in the thread pool and not on the delivery thread.
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _next, mine, null) ?? mine).Task;
    }

    public void Set() => Interlocked.Exchange(ref _next, null)?.TrySetResult();
}
