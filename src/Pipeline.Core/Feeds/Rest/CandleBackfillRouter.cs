using System.Collections.Concurrent;
using Pipeline.Core.Candles;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Rest;

/// <summary>Sends each venue's wishes its own way. Of a venue that has none nothing is known of before: its first windows stay incomplete.</summary>
public sealed class CandleBackfillRouter : ICandleBackfill
{
    private readonly ConcurrentDictionary<string, ICandleBackfill> _ways = new(StringComparer.Ordinal);

    public void Add(string venue, ICandleBackfill backfill)
    {
        ArgumentException.ThrowIfNullOrEmpty(venue);
        ArgumentNullException.ThrowIfNull(backfill);
        _ways[venue] = backfill;
    }

    public void Remove(string venue) => _ways.TryRemove(venue, out _);

    public void Request(CandleWish wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        if (_ways.TryGetValue(wish.Instrument.Venue, out var way))
        {
            way.Request(wish);
        }
    }
}
