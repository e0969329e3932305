using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>
/// Requests that wait for their acknowledgement, oldest first, and those that have waited too long: an answer may have lain unread
/// while the receive loop was held back. Plain logic; times are since any fixed instant. Not thread-safe.
/// Bounded by the pace of sending times the ack timeout, and by <see cref="MaxOverdue"/>.
/// </summary>
internal sealed class RequestTracker(TimeSpan timeout)
{
    /// <summary>Overdue requests kept; beyond it the oldest are forgotten.</summary>
    internal const int MaxOverdue = 256;

    /// <summary>Venues answer in order: one that is passed over has this long until it counts as lost.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly OrderedDictionary<long, (SubscriptionRequest Request, TimeSpan Sent, TimeSpan Due)> _waiting = [];
    private readonly OrderedDictionary<long, SubscriptionRequest> _overdue = [];

    /// <summary>Requests that are in time.</summary>
    public int Count => _waiting.Count;

    /// <summary>All requests kept.</summary>
    public int Size => _waiting.Count + _overdue.Count;

    /// <summary>Whether an answer would be of use.</summary>
    public bool IsExpecting => _waiting.Count > 0 || _overdue.Count > 0;

    /// <summary>When the oldest is overdue; null when none waits.</summary>
    public TimeSpan? NextDue => _waiting.Count == 0 ? null : _waiting.GetAt(0).Value.Due;

    public void Add(SubscriptionRequest request, TimeSpan now) => _waiting.Add(request.Id, (request, now, now + timeout));

    /// <summary>The oldest request of an action that was made at <paramref name="since"/> or later; null when none waits.</summary>
    public SubscriptionRequest? Oldest(SubscriptionAction action, TimeSpan since) =>
        _waiting.Values.FirstOrDefault(entry => entry.Request.Action == action && entry.Sent >= since).Request;

    /// <summary>Request <paramref name="id"/> is answered: those before it should have been.</summary>
    public void PassOver(long id, TimeSpan now)
    {
        for (var i = 0; i < _waiting.Count && _waiting.GetAt(i).Key < id; i++)
        {
            var (key, entry) = _waiting.GetAt(i);
            if (entry.Due > now + Grace)
            {
                _waiting.SetAt(i, key, entry with { Due = now + Grace });
            }
        }
    }

    /// <summary>Ends the wait of request <paramref name="id"/>; without an id, of the oldest: venues read and answer in order.</summary>
    public bool TryComplete(long? id, [NotNullWhen(true)] out SubscriptionRequest? request)
    {
        request = null;
        if (_waiting.Count == 0)
        {
            return false;
        }

        var key = id ?? _waiting.GetAt(0).Key;
        if (!_waiting.Remove(key, out var entry))
        {
            return false;
        }

        request = entry.Request;
        return true;
    }

    /// <summary>
    /// Finds the request that asked for <paramref name="stream"/> and leaves it waiting: where a venue answers each stream by itself, the
    /// others are still awaited. Without an id, the oldest that names the stream.
    /// </summary>
    public bool TryFind(long? id, string stream, [NotNullWhen(true)] out SubscriptionRequest? request, out bool isLate)
    {
        var waiting = _waiting.Values.Select(entry => entry.Request);
        request = waiting.FirstOrDefault(one => Names(one));
        isLate = request is null;
        request ??= _overdue.Values.FirstOrDefault(one => Names(one));
        return request is not null;

        bool Names(SubscriptionRequest one) => (id is null || id == one.Id) && one.Streams.Contains(stream, StringComparer.Ordinal);
    }

    /// <summary>Ends the wait for every request of which no answer would change anything any more.</summary>
    public void ForgetWaiting(Func<SubscriptionRequest, bool> isSettled)
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            if (isSettled(_waiting.GetAt(i).Value.Request))
            {
                _waiting.RemoveAt(i);
            }
        }
    }

    /// <summary>Finds the overdue request <paramref name="id"/> and forgets it.</summary>
    public bool TryCompleteOverdue(long id, [NotNullWhen(true)] out SubscriptionRequest? request) => _overdue.Remove(id, out request);

    /// <summary>Takes out the oldest request if its time is over; a late answer finds it among the overdue ones.</summary>
    public bool TryExpire(TimeSpan now, [NotNullWhen(true)] out SubscriptionRequest? request)
    {
        request = null;
        if (NextDue is not { } due || due > now || !TryComplete(null, out request))
        {
            return false;
        }

        if (_overdue.Count == MaxOverdue)
        {
            _overdue.RemoveAt(0);
        }

        _overdue.Add(request.Id, request);
        return true;
    }

    /// <summary>Forgets overdue requests whose answer would change nothing any more.</summary>
    public void ForgetOverdue(Func<SubscriptionRequest, bool> isSettled)
    {
        for (var i = _overdue.Count - 1; i >= 0; i--)
        {
            if (isSettled(_overdue.GetAt(i).Value))
            {
                _overdue.RemoveAt(i);
            }
        }
    }

    public void Clear()
    {
        _waiting.Clear();
        _overdue.Clear();
    }
}
