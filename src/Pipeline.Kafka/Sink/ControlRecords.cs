using System.Collections.Concurrent;

namespace Pipeline.Kafka.Sink;

/// <summary>Single records whose writers want to know where they lie.</summary>
internal sealed class ControlRecords
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<long>> _waiting = new();
    private int _last;

    /// <summary>A ticket goes with the record through the client.</summary>
    public (int Ticket, Task<long> Offset) Begin()
    {
        var done = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        int ticket;
        do
        {
            // 0 stands for a record without one.
            ticket = Interlocked.Increment(ref _last) & int.MaxValue;
        }
        while (ticket == 0 || !_waiting.TryAdd(ticket, done));
        return (ticket, done.Task);
    }

    public void Forget(int ticket) => _waiting.TryRemove(ticket, out _);

    public void Complete(int ticket, long offset)
    {
        if (_waiting.TryRemove(ticket, out var done))
        {
            done.TrySetResult(offset);
        }
    }

    public void Fail(int ticket, Exception exception)
    {
        if (_waiting.TryRemove(ticket, out var done))
        {
            done.TrySetException(exception);
        }
    }

    public void Fail(Exception exception)
    {
        foreach (var ticket in _waiting.Keys)
        {
            Fail(ticket, exception);
        }
    }
}
