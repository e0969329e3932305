namespace Pipeline.Kafka.Sink;

/// <summary>Those who wait for everything taken so far to be settled.</summary>
internal sealed class FlushWaiters(DeliveryLedger ledger)
{
    private readonly Lock _gate = new();
    private readonly List<(long[] Taken, TaskCompletionSource Done)> _waiting = [];
    private volatile bool _any;
    private Exception? _failure;

    /// <summary>Completes when everything taken up to this call is settled.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var waiter = (ledger.SnapshotTaken(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            _waiting.Add(waiter);
            _any = true;
        }

        try
        {
            // What was settled before this point told nobody.
            Check();
            await waiter.Item2.Task.WaitAsync(cancellation);
        }
        finally
        {
            lock (_gate)
            {
                _waiting.Remove(waiter);
                _any = _waiting.Count > 0;
            }
        }
    }

    /// <summary>To be called whenever something was settled.</summary>
    public void Check()
    {
        if (!_any)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var (taken, done) in _waiting)
            {
                if (ledger.IsSettled(taken))
                {
                    done.TrySetResult();
                }
            }
        }
    }

    /// <summary>Later waits are possible again.</summary>
    public void BeginAnew()
    {
        lock (_gate)
        {
            _failure = null;
        }
    }

    /// <summary>Ends every wait with an error, later ones too.</summary>
    public void Fail(Exception exception)
    {
        lock (_gate)
        {
            _failure = exception;
            foreach (var (_, done) in _waiting)
            {
                done.TrySetException(exception);
            }
        }
    }
}
