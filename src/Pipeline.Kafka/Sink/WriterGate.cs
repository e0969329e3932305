namespace Pipeline.Kafka.Sink;

/// <summary>Counts those who use the client now, so that it is not closed under them. Costs two interlocked additions a batch.</summary>
internal sealed class WriterGate
{
    private int _inside;
    private volatile TaskCompletionSource? _empty;

    public void Enter() => Interlocked.Increment(ref _inside);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _inside) == 0)
        {
            _empty?.TrySetResult();
        }
    }

    /// <summary>
    /// Completes when nobody is inside. To be called once those who enter leave again at once: a fault was set before, which they see.
    /// </summary>
    public async Task WhenEmptyAsync()
    {
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _empty = empty;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _inside) > 0)
        {
            await empty.Task;
        }

        _empty = null;
    }
}
