namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>
/// Names that a venue has refused when asked for them alone: none of them is put into a request with others again. Each is tried once an
/// hour, alone. One that made the venue close the socket costs all its neighbours a break at every try: the wait doubles, up to a day.
/// Shared by all connections of a pool; safe from several threads. Times are since any fixed instant, the same for all.
/// </summary>
internal sealed class Quarantine
{
    internal static readonly TimeSpan Wait = TimeSpan.FromHours(1);
    internal static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Everything may be tried again.</summary>
    public event Action? Released;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Takes a name in, or in again; returns when it may be tried.</summary>
    /// <param name="closes">It made the venue close the socket.</param>
    public TimeSpan Add(string stream, TimeSpan now, bool closes)
    {
        lock (_gate)
        {
            var last = _entries.GetValueOrDefault(stream);
            var wait = last.Closes ? Min(last.Wait * 2, LongestWait) : Wait;
            _entries[stream] = new Entry(now + wait, wait, closes || last.Closes);
            return now + wait;
        }
    }

    /// <summary>It made the venue close the socket: known only after it was taken in.</summary>
    public void MarkClosing(string stream)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(stream, out var entry))
            {
                _entries[stream] = entry with { Closes = true };
            }
        }
    }

    /// <summary>Whether it must never share a request.</summary>
    public bool Has(string stream)
    {
        lock (_gate)
        {
            return _entries.ContainsKey(stream);
        }
    }

    /// <summary>When it may be tried; null when it is not in here.</summary>
    public TimeSpan? TryAt(string stream)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(stream, out var entry) ? entry.Until : null;
        }
    }

    /// <summary>The venue has taken it, or nobody wants it any more.</summary>
    public void Remove(string stream)
    {
        lock (_gate)
        {
            _entries.Remove(stream);
        }
    }

    /// <summary>Lets everything be tried now, each name alone: the venue's list of instruments has changed.</summary>
    public void ReleaseAll()
    {
        lock (_gate)
        {
            foreach (var (stream, entry) in _entries.ToList())
            {
                _entries[stream] = entry with { Until = TimeSpan.Zero };
            }
        }

        Released?.Invoke();
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private readonly record struct Entry(TimeSpan Until, TimeSpan Wait, bool Closes);
}
