namespace Pipeline.Core.Feeds;

/// <summary>
/// Cuts wishes into requests that a venue takes: not more names than it allows and below its size, measured on the encoded bytes.
/// Hands out the ids. Plain logic without time.
/// </summary>
internal sealed class RequestCutter(IVenueAdapter adapter)
{
    private long _lastId;

    /// <summary>Whether the name can be sent at all.</summary>
    public bool Fits(string stream) => IsBelowLimit(adapter.EncodeRequest(SubscriptionAction.Unsubscribe, long.MaxValue, [stream]));

    /// <summary>
    /// The fewest requests that say the last wish for each name, in order of first mention; unsubscribes go first, as they make room.
    /// A name that does not fit is left out: who wishes asks <see cref="Fits"/> before.
    /// </summary>
    public IEnumerable<SubscriptionRequest> Cut(IEnumerable<SubscriptionCommand> commands)
    {
        var last = new OrderedDictionary<string, SubscriptionAction>(StringComparer.Ordinal);
        foreach (var command in commands)
        {
            last[command.Stream] = command.Action;
        }

        return Cut(SubscriptionAction.Unsubscribe, last).Concat(Cut(SubscriptionAction.Subscribe, last));
    }

    private List<SubscriptionRequest> Cut(SubscriptionAction action, OrderedDictionary<string, SubscriptionAction> wishes)
    {
        var requests = new List<SubscriptionRequest>();
        var names = wishes.Where(wish => wish.Value == action).Select(wish => wish.Key).ToList();
        for (var at = 0; at < names.Count;)
        {
            var id = Interlocked.Increment(ref _lastId);
            var (count, payload) = Largest(action, id, names, at);
            if (count > 0)
            {
                requests.Add(new SubscriptionRequest(id, action, names.GetRange(at, count), payload));
            }

            at += Math.Max(1, count);
        }

        return requests;
    }

    /// <summary>The most names from <paramref name="at"/> on for one request. Found by halving: only encoding tells sizes.</summary>
    private (int Count, byte[] Payload) Largest(SubscriptionAction action, long id, List<string> names, int at)
    {
        var fits = (Count: 0, Payload: Array.Empty<byte>());
        var most = Math.Min(adapter.Limits.MaxStreamsPerRequest, names.Count - at);
        for (var count = most; fits.Count < most;)
        {
            var payload = adapter.EncodeRequest(action, id, names.GetRange(at, count));
            if (IsBelowLimit(payload))
            {
                fits = (count, payload);
            }
            else
            {
                most = count - 1;
            }

            count = fits.Count + ((most - fits.Count + 1) / 2);
        }

        return fits;
    }

    private bool IsBelowLimit(byte[] payload) => payload.Length < adapter.Limits.MaxRequestBytes;
}
