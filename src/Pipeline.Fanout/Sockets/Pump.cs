namespace Pipeline.Fanout.Sockets;

/// <summary>
/// Writes the outboxes to the sockets. A link with something to write stands in the queue once, however many messages it has; a pump thread
/// wakes once for a burst and gives every link in turn one write of all that waits. So the more is to do, the more messages share a write.
/// <para>
/// Under sustained load a thread rests as long as it worked, at most <see cref="MaxRest"/>: a write costs the same for one message as for
/// thirty, so the rest buys far more than it costs in delay. It never rests when it has just woken up.
/// </para>
/// </summary>
internal sealed class Pump : IDisposable
{
    /// <summary>Links that a thread takes from the queue at once.</summary>
    private const int Portion = 32;

    /// <summary>Links in the queue from which on another thread is woken.</summary>
    private const int Backlog = 128;

    /// <summary>Writes in one go after which load counts as sustained.</summary>
    private const int Burst = 512;

    private static readonly TimeSpan MaxRest = TimeSpan.FromMilliseconds(4);

    private readonly object _gate = new();
    private readonly TimeProvider _timeProvider;
    private readonly int _threads;
    private ClientLink[] _queue = new ClientLink[256];
    private int _first;
    private int _count;
    private int _running;
    private int _asleep;
    private bool _stopped;

    public Pump(int threads, TimeProvider timeProvider)
    {
        _threads = threads;
        _timeProvider = timeProvider;
    }

    /// <summary>Puts a link in the queue; the link sees to it that it stands there once.</summary>
    public void Enqueue(ClientLink link)
    {
        lock (_gate)
        {
            Add(link);
            Wake();
        }
    }

    public void Enqueue(ReadOnlySpan<ClientLink> links)
    {
        if (links.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var link in links)
            {
                Add(link);
            }

            Wake();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Add(ClientLink link)
    {
        if (_count == _queue.Length)
        {
            var larger = new ClientLink[_queue.Length * 2];
            for (var i = 0; i < _count; i++)
            {
                larger[i] = _queue[(_first + i) & (_queue.Length - 1)];
            }

            (_queue, _first) = (larger, 0);
        }

        _queue[(_first + _count++) & (_queue.Length - 1)] = link;
    }

    private void Wake()
    {
        if (_asleep == _running ? _asleep > 0 : _asleep > 0 && _count > Backlog)
        {
            Monitor.Pulse(_gate);
        }
        else if (_running < _threads && (_running == 0 || _count > Backlog) && !_stopped)
        {
            _running++;
            new Thread(Run) { IsBackground = true, Name = "fan-out pump" }.Start();
        }
    }

    private void Run()
    {
        var buffer = new PumpBuffer();
        var portion = new ClientLink[Portion];
        var written = 0;
        var since = 0L;
        while (true)
        {
            int count;
            lock (_gate)
            {
                if (_count == 0)
                {
                    written = 0;
                    if (!Sleep())
                    {
                        return;
                    }
                }

                count = Dequeue(portion);
            }

            if (written == 0)
            {
                since = _timeProvider.GetTimestamp();
            }

            for (var i = 0; i < count; i++)
            {
                portion[i].Drain(buffer);
            }

            written += count;
            if (written >= Burst)
            {
                Rest(_timeProvider.GetElapsedTime(since));
                written = 0;
            }
        }
    }

    private bool Sleep()
    {
        while (_count == 0 && !_stopped)
        {
            _asleep++;
            Monitor.Wait(_gate);
            _asleep--;
        }

        return !_stopped;
    }

    private int Dequeue(Span<ClientLink> portion)
    {
        var count = Math.Min(portion.Length, _count);
        for (var i = 0; i < count; i++)
        {
            ref var slot = ref _queue[(_first + i) & (_queue.Length - 1)];
            portion[i] = slot;
            slot = null!;
        }

        _first = (_first + count) & (_queue.Length - 1);
        _count -= count;
        return count;
    }

    private static void Rest(TimeSpan worked)
    {
        var rest = worked < MaxRest ? worked : MaxRest;
        if (rest >= TimeSpan.FromMilliseconds(1))
        {
            Thread.Sleep(rest);
        }
    }
}
