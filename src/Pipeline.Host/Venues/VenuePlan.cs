using Microsoft.Extensions.Logging;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Venues;

/// <summary>What a topology takes from one venue, in the venue's own words.</summary>
/// <param name="Listing">What the venue listed when this was planned.</param>
/// <param name="Instruments">As the venue describes them.</param>
/// <param name="Symbols">The instruments under the venue's symbols; the same table for every plan of a venue.</param>
/// <param name="Registered">The instruments themselves, as far as they are ours where collectors share them.</param>
/// <param name="Streams">Streams to subscribe to, by instrument and channel as the topology lists them; each once.</param>
/// <param name="Errors">Entries that are left out, since they stand for nothing or do not say for what.</param>
/// <param name="Warnings">What is taken although it may disappoint.</param>
internal sealed record VenuePlan(
    VenueAccess Venue,
    VenueListing Listing,
    IReadOnlyList<InstrumentInfo> Instruments,
    SymbolTable Symbols,
    IReadOnlyList<Instrument> Registered,
    IReadOnlyList<FeedStream> Streams,
    IReadOnlyList<string> Errors,
    IReadOnlyList<string> Warnings)
{
    // Events tell of tokens that nobody has listed: the stream is asked for once, and each token is taken as it comes.
    private const string EveryToken = "*";

    public IVenueAdapter Adapter => Venue.Adapter;

    public InstrumentDirectory Directory => Listing.Directory;

    /// <summary>Whether every token that is met is taken.</summary>
    public bool TakesEveryToken => TakesEvery(Venue);

    /// <summary>Plans one venue; its instruments are registered. An entry that cannot be taken is logged and costs no other.</summary>
    /// <param name="discovered">Told of a token that is met for the first time; must be quick.</param>
    /// <param name="isOurs">Which instruments, by key, are ours among those that are taken; null = all.</param>
    /// <exception cref="VenueException">No entry of the topology can be taken.</exception>
    public static VenuePlan Of(
        VenueAccess venue,
        VenueListing listing,
        InstrumentRegistry registry,
        ILogger? log = null,
        Action<Instrument>? discovered = null,
        Func<string, bool>? isOurs = null)
    {
        var plan = Make(venue, listing, registry, MakeSymbols(venue, registry, log, discovered), before: null, isOurs);
        if (plan.Instruments.Count == 0 && !plan.TakesEveryToken)
        {
            throw new VenueException(string.Join("; ", plan.Errors)) { HasNothing = true };
        }

        if (log is not null)
        {
            plan.Tell(null, log);
        }

        foreach (var instrument in plan.Registered)
        {
            plan.Symbols.Add(instrument);
        }

        return plan;
    }

    /// <summary>
    /// Plans a venue that is collected from already anew, for other entries or another list; its instruments are registered, and not in
    /// <see cref="Symbols"/> yet. It may come to nothing.
    /// </summary>
    /// <exception cref="VenueException">The change needs a restart.</exception>
    public VenuePlan Anew(VenueAccess venue, VenueListing listing, InstrumentRegistry registry, Func<string, bool>? isOurs = null) =>
        TakesEvery(venue) == TakesEveryToken
            ? Make(venue, listing, registry, Symbols, this, isOurs)
            : throw new VenueException($"{venue.Name}: taking every token (\"*\") begins and ends with a restart of the collector");

    /// <summary>Says what is wrong with entries, as far as <paramref name="before"/> did not have it already.</summary>
    public void Tell(VenuePlan? before, ILogger log)
    {
        foreach (var error in Errors.Except(before?.Errors ?? []))
        {
            VenueLog.LeftOut(log, error);
        }

        foreach (var warning in Warnings.Except(before?.Warnings ?? []))
        {
            VenueLog.Warn(log, warning);
        }
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

    private static bool TakesEvery(VenueAccess venue) =>
        venue.Adapter.Channels.Contains(StreamChannel.Price) && venue.Options.Instruments.Any(one => one.Name == EveryToken);

    private static VenuePlan Make(
        VenueAccess venue, VenueListing listing, InstrumentRegistry registry, SymbolTable symbols, VenuePlan? before, Func<string, bool>? isOurs)
    {
        var takesEveryToken = TakesEvery(venue);
        var named = takesEveryToken ? [.. venue.Options.Instruments.Where(one => one.Name != EveryToken)] : venue.Options.Instruments;
        var taken = before?.Instruments.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        var selection = InstrumentSelection.Of(named, listing.Directory, listing.Turnover, taken);
        var rules = venue.Adapter.RulesFor(venue.Options.TradeSource);
        List<Instrument> instruments =
            [.. selection.Instruments.Where(one => isOurs?.Invoke($"{venue.Name}:{one.Id}") != false).Select(one => registry.GetOrAdd(venue.Name, one.Id, one.Symbol, rules, one.ContractSize))];

        // Not registered: it stands for the stream alone.
        var streams = StreamPlan.Of(
            venue,
            takesEveryToken ? [.. instruments, new Instrument(0, venue.Name, EveryToken, EveryToken, rules)] : instruments,
            selection.Legs);
        return new VenuePlan(venue, listing, selection.Instruments, symbols, instruments, streams, selection.Errors, selection.Warnings);
    }

    private static SymbolTable MakeSymbols(VenueAccess venue, InstrumentRegistry registry, ILogger? log, Action<Instrument>? discovered)
    {
        var rules = venue.Adapter.RulesFor(venue.Options.TradeSource);
        return TakesEvery(venue)
            ? new SymbolTable(
                mint => Announce(registry.GetOrAdd(venue.Name, mint, mint, rules), discovered), filled: () => TellFull(venue.Name, log))
            : new SymbolTable();
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
