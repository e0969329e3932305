namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>
/// Cuts requests that a venue takes: not more names than it allows and below its size, measured on the encoded bytes. Hands out the
/// ids. Plain logic without time.
/// </summary>
internal sealed class RequestCutter(IVenueAdapter adapter)
{
    private long _lastId;

    /// <summary>Whether the name can be sent at all.</summary>
    public bool Fits(string stream) => IsBelowLimit(adapter.EncodeRequest(SubscriptionAction.Unsubscribe, long.MaxValue, [stream]));

    /// <summary>
    /// The largest request for the first of <paramref name="streams"/>, of which there is at least one; each of them
    /// <see cref="Fits"/>. Found by halving: only encoding tells sizes.
    /// </summary>
    public SubscriptionRequest Cut(SubscriptionAction action, IEnumerable<string> streams)
    {
        var names = streams.Take(adapter.Limits.MaxStreamsPerRequest).ToList();
        var id = ++_lastId;
        var fits = (Count: 0, Payload: Array.Empty<byte>());
        var most = names.Count;
        for (var count = most; fits.Count < most;)
        {
            var payload = adapter.EncodeRequest(action, id, names.GetRange(0, count));
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

        return fits.Count > 0
            ? new SubscriptionRequest(id, action, names.GetRange(0, fits.Count), fits.Payload)
            : throw new ArgumentException($"'{names[0]}' does not fit into any request.", nameof(streams));
    }

    private bool IsBelowLimit(byte[] payload) => payload.Length < adapter.Limits.MaxRequestBytes;
}
