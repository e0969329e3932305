namespace Pipeline.Gateway.Hub;

/// <summary>
/// Where records and commands wait for the hub. Records are bounded by number and bytes: the reading thread waits for room. Commands are
/// bounded by number: who posts one too many is told.
/// </summary>
internal sealed class HubInbox(HubOptions options)
{
    // A client that is still taking in what was sent is looked at again after so long.
    private const int SoonMilliseconds = 10;

    private readonly object _gate = new();
    private List<FetchItem> _items = [];
    private List<IHubCommand> _commands = [];
    private long _bytes;
    private bool _isTickDue;
    private bool _hasEnded;
    private bool _isHubWaiting;
    private bool _isReaderWaiting;

    /// <summary>Records that wait.</summary>
    public int Records
    {
        get
        {
            lock (_gate)
            {
                return _items.Count;
            }
        }
    }

    /// <summary>Waits for room. False when the inbox has ended.</summary>
    public bool Add(in FetchItem item, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (!_hasEnded && (_items.Count >= options.FetchRecords || _bytes >= options.FetchBytes))
            {
                cancellation.ThrowIfCancellationRequested();
                _isReaderWaiting = true;
                Monitor.Wait(_gate, 1000);
            }

            if (_hasEnded)
            {
                return false;
            }

            _items.Add(item);
            _bytes += item.Bytes;
            Wake();
            return true;
        }
    }

    public bool Post(IHubCommand command, bool force)
    {
        lock (_gate)
        {
            if (_hasEnded || (_commands.Count >= options.MaxCommands && !force))
            {
                return false;
            }

            _commands.Add(command);
            Wake();
            return true;
        }
    }

    public void Tick()
    {
        lock (_gate)
        {
            _isTickDue = true;
            Wake();
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Everything that waits; waits for something first, according to what is left to do.</summary>
    /// <returns>False when the inbox has ended.</returns>
    public bool Take(ref List<FetchItem> items, ref List<IHubCommand> commands, HubWork left, out bool isTickDue)
    {
        items.Clear();
        commands.Clear();
        lock (_gate)
        {
            var hasWaited = left == HubWork.More;
            while (!_hasEnded && _items.Count == 0 && _commands.Count == 0 && !_isTickDue && !hasWaited)
            {
                _isHubWaiting = true;
                Monitor.Wait(_gate, left == HubWork.Soon ? SoonMilliseconds : Timeout.Infinite);
                _isHubWaiting = false;
                hasWaited = left == HubWork.Soon;
            }

            (items, _items) = (_items, items);
            (commands, _commands) = (_commands, commands);
            _bytes = 0;
            isTickDue = _isTickDue;
            _isTickDue = false;
            if (_isReaderWaiting)
            {
                _isReaderWaiting = false;
                Monitor.PulseAll(_gate);
            }

            return !_hasEnded;
        }
    }

    /// <summary>The commands that have come meanwhile.</summary>
    public void TakeCommands(ref List<IHubCommand> commands)
    {
        commands.Clear();
        lock (_gate)
        {
            (commands, _commands) = (_commands, commands);
        }
    }

    private void Wake()
    {
        if (_isHubWaiting)
        {
            Monitor.PulseAll(_gate);
        }
    }
}
