using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>
/// Which subscriptions may take a stream that appears: those that name its instrument, and those that name none. Looked at when a stream
/// appears, never for a message. Only for the hub's thread.
/// </summary>
internal sealed class FilterIndex
{
    private readonly Dictionary<string, HashSet<Subscription>> _byInstrument = new(StringComparer.Ordinal);
    private readonly HashSet<Subscription> _open = [];

    /// <summary>Subscriptions with names that are not known.</summary>
    public HashSet<Subscription> Unresolved { get; } = [];

    public int Count { get; private set; }

    public void Add(Subscription subscription)
    {
        Count++;
        if (subscription.Filter.Instruments is not { } instruments)
        {
            _open.Add(subscription);
            return;
        }

        foreach (var instrument in instruments)
        {
            AddInstrument(subscription, instrument);
        }

        if (subscription.Unknown.Count > 0)
        {
            Unresolved.Add(subscription);
        }
    }

    public void AddInstrument(Subscription subscription, string instrument)
    {
        if (!_byInstrument.TryGetValue(instrument, out var takers))
        {
            _byInstrument.Add(instrument, takers = []);
        }

        takers.Add(subscription);
    }

    public void Remove(Subscription subscription)
    {
        Count--;
        _open.Remove(subscription);
        Unresolved.Remove(subscription);
        foreach (var instrument in subscription.Filter.Instruments ?? [])
        {
            if (_byInstrument.TryGetValue(instrument, out var takers) && takers.Remove(subscription) && takers.Count == 0)
            {
                _byInstrument.Remove(instrument);
            }
        }
    }

    public IEnumerable<Subscription> TakersOf(MarketStream stream) =>
        (_byInstrument.TryGetValue(stream.Instrument, out var takers) ? _open.Concat(takers) : _open).Where(one => one.Filter.Takes(stream));
}
