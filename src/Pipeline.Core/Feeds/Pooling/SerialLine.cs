namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// Runs one action at a time, in the order they came, on the thread of whoever found it idle. Nobody waits: who comes while an action
/// runs leaves his and goes on.
/// </summary>
internal sealed class SerialLine(Action<Exception> onError)
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = new();
    private bool _isRunning;

    public void Run(Action action)
    {
        lock (_gate)
        {
            _waiting.Enqueue(action);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        while (TryTake(out var next))
        {
            try
            {
                next();
            }
            catch (Exception error)
            {
                onError(error);
            }
        }
    }

    private bool TryTake(out Action next)
    {
        lock (_gate)
        {
            _isRunning = _waiting.TryDequeue(out next!);
            return _isRunning;
        }
    }
}
