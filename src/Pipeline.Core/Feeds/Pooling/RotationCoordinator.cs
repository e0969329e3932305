namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// The order of rotations in one pool: planned and requested ones one after the other, so that the load of the replacements never adds
/// up; announced ones all at once, as nobody says how long the venue waits. A connection has one at a time: who asks meanwhile shares
/// its outcome. Safe from several threads.
/// </summary>
/// <param name="rotate">Replaces a connection by its name.</param>
/// <param name="done">Told of every outcome.</param>
internal sealed class RotationCoordinator(
    TimeProvider time, Func<string, RotationCause, Task<RotationOutcome>> rotate, Action<RotationCause, RotationOutcome> done)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Rotation> _running = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Rotation> _waiting = new(StringComparer.Ordinal);
    private bool _isStopped;

    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Never fails: what went wrong is in the outcome.</summary>
    public Task<RotationOutcome> RotateAsync(string connection, RotationCause cause)
    {
        Rotation? rotation;
        lock (_gate)
        {
            if (_isStopped)
            {
                return Task.FromResult(NotDone(connection, "the feed is stopping"));
            }

            if (_running.TryGetValue(connection, out rotation))
            {
                return rotation.Outcome.Task;
            }

            if (!_waiting.TryGetValue(connection, out rotation))
            {
                rotation = new Rotation(connection, cause);
            }

            if (cause != RotationCause.Announced && _running.Count + _waiting.Count > 0)
            {
                _waiting[connection] = rotation;
                return rotation.Outcome.Task;
            }

            _waiting.Remove(connection);
            rotation.Cause = cause;
            _running.Add(connection, rotation);
        }

        _ = RunAsync(rotation);
        return rotation.Outcome.Task;
    }

    /// <summary>Those that wait are given up; those that run are the connections' affair.</summary>
    public void Stop()
    {
        List<Rotation> waiting;
        lock (_gate)
        {
            _isStopped = true;
            waiting = [.. _waiting.Values];
            _waiting.Clear();
        }

        waiting.ForEach(rotation => rotation.Outcome.SetResult(NotDone(rotation.Connection, "the feed is stopping")));
    }

    private static RotationOutcome NotDone(string connection, string reason, TimeSpan took = default) => new(connection, false, reason, took, 0);

    private async Task RunAsync(Rotation rotation)
    {
        while (true)
        {
            var outcome = await TryAsync(rotation);
            Rotation? next = null;
            lock (_gate)
            {
                _running.Remove(rotation.Connection);
                if (_running.Count == 0 && _waiting.Count > 0)
                {
                    next = _waiting.GetAt(0).Value;
                    _waiting.RemoveAt(0);
                    _running.Add(next.Connection, next);
                }
            }

            done(rotation.Cause, outcome);
            rotation.Outcome.SetResult(outcome);
            if (next is null)
            {
                return;
            }

            rotation = next;
        }
    }

    private async Task<RotationOutcome> TryAsync(Rotation rotation)
    {
        var began = time.GetTimestamp();
        try
        {
            return await rotate(rotation.Connection, rotation.Cause);
        }
        catch (Exception error)
        {
            return NotDone(rotation.Connection, error.Message, time.GetElapsedTime(began));
        }
    }

    private sealed class Rotation(string connection, RotationCause cause)
    {
        public string Connection => connection;

        public RotationCause Cause { get; set; } = cause;

        public TaskCompletionSource<RotationOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
