using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Venues;

/// <summary>What a topology takes from one venue, in the venue's own words.</summary>
/// <param name="Symbols">The instruments under the venue's symbols.</param>
/// <param name="Streams">Streams to subscribe to, by instrument and channel as the topology lists them.</param>
internal sealed record VenuePlan(IVenueAdapter Adapter, SymbolTable Symbols, IReadOnlyList<string> Streams)
{
    /// <summary>Plans a venue of a topology that was read without errors; its instruments are registered.</summary>
    public static VenuePlan Of(VenueOptions venue, InstrumentRegistry instruments)
    {
        var adapter = KnownVenues.Adapter(venue.Name);
        var symbols = new SymbolTable();
        var channels = new ChannelOptions(venue.TradeSource, venue.VenueCandleIntervals);
        var streams = new List<string>();
        foreach (var id in venue.Instruments)
        {
            var instrument = instruments.GetOrAdd(venue.Name, id, adapter.SymbolOf(id)!);
            symbols.Add(instrument);
            streams.AddRange(venue.Channels.SelectMany(channel => adapter.StreamNames(instrument, channel, channels)));
        }

        return new VenuePlan(adapter, symbols, streams);
    }
}
