namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>
/// Finds the bad name in a request that was refused as a whole, by halving: a half is asked for, and where it is good the other half is
/// known to hold the bad name and need not be asked for whole. One among n names costs at most 2 log₂ n + 1 requests. One group at a
/// time is out; groups outlive the socket. Plain logic.
/// </summary>
internal sealed class SuspectGroups
{
    private readonly Stack<Group> _groups = new();
    private Group? _asked;

    /// <summary>Whether nothing is under suspicion.</summary>
    public bool IsEmpty => _groups.Count == 0 && _asked is null;

    /// <summary>Whether a group is out.</summary>
    public bool IsAsking => _asked is not null;

    /// <summary>Whether a group waits to be asked for.</summary>
    public bool IsWaiting => _groups.Count > 0 && _asked is null;

    /// <summary>At least one of them is bad. A single one is asked for alone.</summary>
    public void Add(IReadOnlyList<string> streams)
    {
        if (streams.Count < 2)
        {
            _groups.Push(new Group(streams));
            return;
        }

        var half = streams.Count / 2;
        var rest = new Group([.. streams.Skip(half)]);
        _groups.Push(rest);
        _groups.Push(new Group([.. streams.Take(half)]) { Other = rest });
    }

    /// <summary>The next group to be asked for, as far as its streams are still under suspicion; null when there is none.</summary>
    public IReadOnlyList<string>? Next(Func<string, bool> isSuspected)
    {
        while (_asked is null && _groups.TryPop(out var group))
        {
            group.Streams = [.. group.Streams.Where(isSuspected)];
            if (group.IsGuilty && group.Streams.Count > 1)
            {
                Add(group.Streams);
            }
            else if (group.Streams.Count > 0)
            {
                _asked = group;
            }
        }

        return _asked?.Streams;
    }

    /// <summary>The group that is out was good.</summary>
    public void Acquit()
    {
        if (_asked?.Other is { } other && _groups.Contains(other))
        {
            other.IsGuilty = true;
        }

        _asked = null;
    }

    /// <summary>The group that is out is settled otherwise: nothing follows for others.</summary>
    public void Dismiss() => _asked = null;

    /// <summary>The group that is out holds a bad name; true when it is a single one, which is thereby found.</summary>
    public bool Convict()
    {
        var group = _asked!;
        _asked = null;
        if (group.Streams.Count < 2)
        {
            return true;
        }

        Add(group.Streams);
        return false;
    }

    /// <summary>Nothing was learned about the group that is out: it is asked for again.</summary>
    public void Return()
    {
        if (_asked is { } group)
        {
            _asked = null;
            _groups.Push(group);
        }
    }

    private sealed class Group(IReadOnlyList<string> streams)
    {
        public IReadOnlyList<string> Streams { get; set; } = streams;

        /// <summary>The half that holds the bad name if this one does not.</summary>
        public Group? Other { get; init; }

        public bool IsGuilty { get; set; }
    }
}
