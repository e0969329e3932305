using System.Collections.Concurrent;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>The clocks of all venues of a process: set at station 3 by whatever comes from a venue, read by the candles of every lane.</summary>
public sealed class VenueClocks
{
    private readonly ConcurrentDictionary<string, VenueClock> _clocks = new(StringComparer.Ordinal);

    public VenueClock Of(string venue) => _clocks.GetOrAdd(venue, static _ => new VenueClock());

    /// <summary>Notes what came live; answers to requests tell old times.</summary>
    internal void Note(VenueBatch batch)
    {
        if (batch.TradeSource != TradeSource.Live || batch.Repair is not null)
        {
            return;
        }

        var time = Greatest(batch);
        if (time > 0)
        {
            Of(batch.Source.Venue).Note(time * batch.Source.TimeUnit, batch.ReceivedTime);
        }
    }

    private static long Greatest(VenueBatch batch)
    {
        var greatest = 0L;
        foreach (ref readonly var trade in batch.Trades.Span)
        {
            greatest = Math.Max(greatest, trade.Time);
        }

        foreach (ref readonly var quote in batch.Quotes.Span)
        {
            greatest = Math.Max(greatest, quote.Time);
        }

        foreach (ref readonly var update in batch.BookUpdates.Span)
        {
            greatest = Math.Max(greatest, update.Time);
        }

        foreach (ref readonly var tick in batch.PriceTicks.Span)
        {
            greatest = Math.Max(greatest, tick.Time);
        }

        return greatest;
    }
}
