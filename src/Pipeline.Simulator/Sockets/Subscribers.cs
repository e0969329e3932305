namespace Pipeline.Simulator.Sockets;

/// <summary>
/// The sessions that want a channel. Readers take the arrays as they are; changes replace them. Who has to be told the state first
/// waits until the publisher admits it.
/// </summary>
internal sealed class Subscribers<TSession>
    where TSession : class
{
    private readonly Lock _gate = new();
    private volatile TSession[] _active = [];
    private volatile TSession[] _waiting = [];

    /// <summary>Those who get what happens.</summary>
    public TSession[] Active => _active;

    public bool AnyWaiting => _waiting.Length > 0;

    public bool IsWanted => _active.Length > 0 || _waiting.Length > 0;

    public void Add(TSession session, bool waits)
    {
        lock (_gate)
        {
            if (waits)
            {
                _waiting = [.. _waiting, session];
            }
            else
            {
                _active = [.. _active, session];
            }
        }
    }

    public void Remove(TSession session)
    {
        lock (_gate)
        {
            _active = [.. _active.Where(other => other != session)];
            _waiting = [.. _waiting.Where(other => other != session)];
        }
    }

    /// <summary>Ends the wait of all who wait, and names them: they are to be told the state now.</summary>
    public TSession[] Admit()
    {
        if (!AnyWaiting)
        {
            return [];
        }

        lock (_gate)
        {
            var admitted = _waiting;
            _waiting = [];
            _active = [.. _active, .. admitted];
            return admitted;
        }
    }
}
