using Pipeline.Core.Audit;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Auditing;

/// <summary>Asks the venues' REST interfaces for the candles that we have, within their budgets.</summary>
internal sealed class AuditRest(TopologyFile topology, AuditReport report, AuditProgress progress, TimeProvider time) : IDisposable
{
    // Every venue gives as many in one answer.
    private const int Page = 100;

    private readonly PipelineMetrics _metrics = new();
    private readonly Dictionary<string, (IVenueRest Interface, VenueClients Clients)?> _venues = [];

    public void Dispose()
    {
        foreach (var venue in _venues.Values)
        {
            venue?.Clients.Dispose();
        }

        _metrics.Dispose();
    }

    /// <summary>Asks for whatever <paramref name="audit"/> has of ours.</summary>
    /// <exception cref="VenueRestException">A venue does not answer as asked.</exception>
    public async Task AskAsync(CandleAudit audit, CancellationToken cancellation)
    {
        foreach (var (instrument, interval, from, to) in audit.OurRanges)
        {
            if (RestOf(instrument.Venue) is not { } rest)
            {
                report.Note($"{instrument.Venue} has no REST address in the topology, or none of the kind: its candles are not compared");
            }
            else if (!KnownVenues.Adapter(instrument.Venue).CandleIntervals.Contains(interval))
            {
                report.Note($"{instrument.Venue} has no candles of {interval}");
            }
            else
            {
                await AskAsync(audit, rest, instrument, interval, from, to, cancellation);
            }
        }
    }

    private async Task AskAsync(
        CandleAudit audit, IVenueRest rest, Instrument instrument, CandleInterval interval, long from, long to, CancellationToken cancellation)
    {
        var adapter = KnownVenues.Adapter(instrument.Venue);
        var symbols = new SymbolTable();
        symbols.Add(instrument);
        var source = FeedSource.OfRest(adapter, symbols);
        var count = 0L;
        for (var first = from; first <= to; first += Page * interval.Microseconds)
        {
            var batch = new VenueBatch { Source = source };
            var end = Math.Min(first + (Page * interval.Microseconds), to + interval.Microseconds);
            await rest.GetCandlesAsync(instrument.Symbol, interval, first, end, batch, cancellation);
            var now = MarketTime.Now(time);
            for (var i = 0; i < batch.Candles.Count; i++)
            {
                audit.Add(batch.Candles[i].ToCandle(instrument, source.TimeUnit, now), now);
            }

            count += batch.Candles.Count;
            progress.Report($"{instrument.Key} {interval} by REST", count);
        }
    }

    private IVenueRest? RestOf(string venue)
    {
        if (!_venues.TryGetValue(venue, out var known))
        {
            _venues[venue] = known = Open(venue);
        }

        return known?.Interface;
    }

    private (IVenueRest Interface, VenueClients Clients)? Open(string venue)
    {
        if (topology.Venues.FirstOrDefault(one => one.Name == venue) is not { } options)
        {
            return null;
        }

        var clients = new VenueClients([options], time, _metrics);
        if (clients.MakeRest(options, KnownVenues.Of(venue).Rest) is { } rest)
        {
            return (rest, clients);
        }

        clients.Dispose();
        return null;
    }
}
