namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// Carries out, one after the other and in order, what was decided under a lock, outside of it: the thread that finds the queue idle
/// works it off, for the others too. Safe from several threads.
/// </summary>
internal sealed class EffectQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _effects = new();
    private bool _isDraining;

    /// <summary>To be called under the lock that orders the decisions.</summary>
    public void Add(Action effect)
    {
        lock (_gate)
        {
            _effects.Enqueue(effect);
        }
    }

    /// <summary>To be called without any lock. Returns at once while another thread works the queue off.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            if (_isDraining)
            {
                return;
            }

            _isDraining = true;
        }

        try
        {
            while (Take() is { } effect)
            {
                effect();
            }
        }
        catch
        {
            lock (_gate)
            {
                // What is left is for whoever comes next.
                _isDraining = false;
            }

            throw;
        }
    }

    private Action? Take()
    {
        lock (_gate)
        {
            _isDraining = _effects.TryDequeue(out var effect);
            return effect;
        }
    }
}
