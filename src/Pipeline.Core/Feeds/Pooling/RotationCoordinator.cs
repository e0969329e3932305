namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// The order of rotations in one pool: planned and requested ones one after the other, so that the load of the replacements never adds
/// up; announced ones all at once, as nobody says how long the venue waits. A connection has one at a time: who asks meanwhile shares
/// its outcome. When the venue announces the end of a connection that is being replaced for another reason, the connection is told so:
/// it may be at the first of two legs. Safe from several threads.
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
        var (isNew, isHurried) = (false, false);
        lock (_gate)
        {
            if (_isStopped)
            {
                return Task.FromResult(NotDone(connection, "the feed is stopping"));
            }

            if (_running.TryGetValue(connection, out rotation))
            {
                isHurried = cause == RotationCause.Announced && !rotation.IsAnnounced;
                rotation.IsAnnounced |= isHurried;
            }
            else
            {
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
                rotation.IsAnnounced = cause == RotationCause.Announced;
                _running.Add(connection, rotation);
                isNew = true;
            }
        }

        if (isNew)
        {
            _ = RunAsync(rotation);
        }
        else if (isHurried)
        {
            // What comes of it is told with the one that runs.
            _ = TryAsync(rotation.Connection, RotationCause.Announced);
        }

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
            var outcome = await TryAsync(rotation.Connection, rotation.Cause);
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

    private async Task<RotationOutcome> TryAsync(string connection, RotationCause cause)
    {
        var began = time.GetTimestamp();
        try
        {
            return await rotate(connection, cause);
        }
        catch (Exception error)
        {
            return NotDone(connection, error.Message, time.GetElapsedTime(began));
        }
    }

    private sealed class Rotation(string connection, RotationCause cause)
    {
        public string Connection => connection;

        public RotationCause Cause { get; set; } = cause;

        /// <summary>The connection knows that the venue is about to end it.</summary>
        public bool IsAnnounced { get; set; }

        public TaskCompletionSource<RotationOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
