namespace Pipeline.TestKit.Feeds.Virtual;

/// <summary>
/// Runs a test and every continuation that its awaits ask for on one thread, so that virtual time only moves when nothing is left to do:
/// what an await hands to the thread pool elsewhere is queued here and done by <see cref="Drain"/>.
/// </summary>
public sealed class VirtualPump : TaskScheduler
{
    private readonly LinkedList<Task> _tasks = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>Runs <paramref name="test"/> to its end on this thread.</summary>
    public void Run(Action test)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var task = new Task(test);
            task.RunSynchronously(this);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Does what is queued, and what that queues.</summary>
    public void Drain()
    {
        while (Take() is { } task)
        {
            TryExecuteTask(task);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_tasks)
        {
            _tasks.AddLast(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        Environment.CurrentManagedThreadId == _thread && (!taskWasPreviouslyQueued || TryDequeue(task)) && TryExecuteTask(task);

    protected override bool TryDequeue(Task task)
    {
        lock (_tasks)
        {
            return _tasks.Remove(task);
        }
    }

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_tasks)
        {
            return [.. _tasks];
        }
    }

    private Task? Take()
    {
        lock (_tasks)
        {
            var first = _tasks.First?.Value;
            if (first is not null)
            {
                _tasks.RemoveFirst();
            }

            return first;
        }
    }
}
