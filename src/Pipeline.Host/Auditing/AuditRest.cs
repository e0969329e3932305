using Pipeline.Core.Audit;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Auditing;

/// <summary>Asks the venues' REST interfaces for the candles that we have, within their budgets.</summary>
/// <param name="progress">Told what is asked for, and how many candles of it have come.</param>
internal sealed class AuditRest(VenueRests venues, Action<string, long> progress, TimeProvider time)
{
    // Every venue gives as many in one answer.
    private const int Page = 100;

    /// <summary>Asks for whatever <paramref name="audit"/> has of ours.</summary>
    /// <param name="note">Told what cannot be asked.</param>
    /// <exception cref="VenueRestException">A venue does not answer as asked.</exception>
    public async Task AskAsync(CandleAudit audit, Action<string> note, CancellationToken cancellation)
    {
        foreach (var (instrument, interval, from, to) in audit.OurRanges)
        {
            if (!HasInterface(instrument.Venue))
            {
                note($"{instrument.Venue} has no REST address in the topology, or none of the kind: its candles are not compared");
            }
            else if (!HasCandles(instrument.Venue, interval))
            {
                note($"{instrument.Venue} has no candles of {interval}");
            }
            else
            {
                await AskAsync(audit, instrument, interval, from, to, cancellation);
            }
        }
    }

    public bool HasInterface(string venue) => venues.Find(venue) is not null;

    public static bool HasCandles(string venue, CandleInterval interval) => KnownVenues.Adapter(venue).CandleIntervals.Contains(interval);

    /// <summary>Asks for the candles of one series; returns the opening times of the first and the last that is closed, null when none is.</summary>
    /// <param name="from">First opening time, microseconds.</param>
    /// <param name="to">Last opening time.</param>
    /// <exception cref="VenueRestException">The venue does not answer as asked.</exception>
    public async Task<(long From, long To)?> AskAsync(
        CandleAudit audit, Instrument instrument, CandleInterval interval, long from, long to, CancellationToken cancellation)
    {
        var rest = venues.Find(instrument.Venue)!;
        var symbols = new SymbolTable();
        symbols.Add(instrument);
        var source = FeedSource.OfRest(KnownVenues.Adapter(instrument.Venue), symbols);
        (long From, long To)? told = null;
        var count = 0L;
        for (var first = from; first <= to; first += Page * interval.Microseconds)
        {
            var batch = new VenueBatch { Source = source };
            var end = Math.Min(first + (Page * interval.Microseconds), to + interval.Microseconds);
            await rest.GetCandlesAsync(instrument.Symbol, interval, first, end, batch, cancellation);
            var now = MarketTime.Now(time);
            for (var i = 0; i < batch.Candles.Count; i++)
            {
                var candle = batch.Candles[i].ToCandle(instrument, source.TimeUnit, now);
                audit.Add(candle, now);
                if (candle.State != CandleState.Forming)
                {
                    told = (told?.From ?? candle.OpenTime, candle.OpenTime);
                }
            }

            count += batch.Candles.Count;
            progress($"{instrument.Key} {interval} by REST", count);
        }

        return told;
    }
}
