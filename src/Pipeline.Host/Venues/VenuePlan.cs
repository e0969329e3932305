using Microsoft.Extensions.Logging;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Venues;

/// <summary>What a topology takes from one venue, in the venue's own words.</summary>
/// <param name="Instruments">As the venue describes them.</param>
/// <param name="Symbols">The instruments under the venue's symbols.</param>
/// <param name="Streams">Streams to subscribe to, by instrument and channel as the topology lists them; each once.</param>
/// <param name="Errors">Entries that are left out, since they stand for nothing or do not say for what.</param>
internal sealed record VenuePlan(
    VenueAccess Venue,
    InstrumentDirectory Directory,
    IReadOnlyList<InstrumentInfo> Instruments,
    SymbolTable Symbols,
    IReadOnlyList<string> Streams,
    IReadOnlyList<string> Errors)
{
    // Events tell of tokens that nobody has listed: the stream is asked for once, and each token is taken as it comes.
    private const string EveryToken = "*";

    public IVenueAdapter Adapter => Venue.Adapter;

    /// <summary>Plans one venue; its instruments are registered. An entry that cannot be taken is logged and costs no other.</summary>
    /// <param name="discovered">Told of a token that is met for the first time; must be quick.</param>
    /// <exception cref="VenueException">No entry of the topology can be taken.</exception>
    public static VenuePlan Of(
        VenueAccess venue, VenueListing listing, InstrumentRegistry registry, ILogger? log = null, Action<Instrument>? discovered = null)
    {
        var takesEveryToken = venue.Adapter.Channels.Contains(StreamChannel.Price) && venue.Options.Instruments.Any(one => one.Name == EveryToken);
        var named = takesEveryToken ? [.. venue.Options.Instruments.Where(one => one.Name != EveryToken)] : venue.Options.Instruments;
        var selection = InstrumentSelection.Of(named, listing.Directory, listing.Turnover);
        if (selection.Instruments.Count == 0 && !takesEveryToken)
        {
            throw new VenueException(string.Join("; ", selection.Errors)) { HasNothing = true };
        }

        if (log is not null)
        {
            selection.Errors.ToList().ForEach(error => VenueLog.LeftOut(log, error));
            selection.Warnings.ToList().ForEach(warning => VenueLog.Warn(log, warning));
        }

        var rules = venue.Adapter.RulesFor(venue.Options.TradeSource);
        Instrument Register(string id, string symbol, Number? contractSize = null) =>
            registry.GetOrAdd(venue.Name, id, symbol, rules, contractSize);
        var symbols = takesEveryToken ? new SymbolTable(mint => Announce(Register(mint, mint), discovered), filled: () => TellFull(venue.Name, log)) : new SymbolTable();
        List<Instrument> instruments = [.. selection.Instruments.Select(one => Register(one.Id, one.Symbol, one.ContractSize))];
        instruments.ForEach(symbols.Add);
        if (takesEveryToken)
        {
            // Not registered: it stands for the stream alone.
            instruments.Add(new Instrument(0, venue.Name, EveryToken, EveryToken, rules));
        }

        return new VenuePlan(venue, listing.Directory, selection.Instruments, symbols, [.. StreamsOf(venue, instruments).Distinct()], selection.Errors);
    }

    /// <summary>Streams a topology asks for; null when only the venue's list can tell.</summary>
    public static int? CountStreams(VenueOptions options)
    {
        var venue = new VenueAccess(options, KnownVenues.Adapter(options.Name), null);
        var isOpen = options.Instruments.Any(one => one.IsOpen && one.Name != EveryToken);
        try
        {
            return !isOpen && Of(venue, VenueListing.OfNames(venue), new InstrumentRegistry()) is { Errors.Count: 0 } plan ? plan.Streams.Count : null;
        }
        catch (VenueException)
        {
            // Names that only the venue's list explains.
            return null;
        }
    }

    private static IEnumerable<string> StreamsOf(VenueAccess venue, IEnumerable<Instrument> instruments)
    {
        var channels = new ChannelOptions(venue.Options.TradeSource, venue.Options.VenueCandleIntervals);
        return instruments.SelectMany(
            instrument => venue.Options.Channels.SelectMany(channel => venue.Adapter.StreamNames(instrument, channel, channels)));
    }

    private static void TellFull(string venue, ILogger? log)
    {
        if (log is not null)
        {
            VenueLog.SymbolsFull(log, venue, SymbolTable.MostDiscovered);
        }
    }

    private static Instrument Announce(Instrument instrument, Action<Instrument>? discovered)
    {
        discovered?.Invoke(instrument);
        return instrument;
    }
}
