using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core.Feeds;

/// <summary>
/// Requests that wait for their acknowledgement, oldest first. Plain logic; times are since any fixed instant. Not thread-safe.
/// Bounded by the pace of sending times the ack timeout.
/// </summary>
internal sealed class RequestTracker(TimeSpan timeout)
{
    private readonly OrderedDictionary<long, (SubscriptionRequest Request, TimeSpan Due)> _waiting = [];

    public int Count => _waiting.Count;

    /// <summary>When the oldest is overdue; null when none waits.</summary>
    public TimeSpan? NextDue => _waiting.Count == 0 ? null : _waiting.GetAt(0).Value.Due;

    public void Add(SubscriptionRequest request, TimeSpan now) => _waiting.Add(request.Id, (request, now + timeout));

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

    /// <summary>Takes out the oldest request if it is overdue.</summary>
    public bool TryExpire(TimeSpan now, [NotNullWhen(true)] out SubscriptionRequest? request)
    {
        request = null;
        return NextDue is { } due && due <= now && TryComplete(null, out request);
    }

    public void Clear() => _waiting.Clear();
}
