using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

/// <summary>Rules between the keys of a venue. Nothing is asked of the venue itself: names are judged by their spelling.</summary>
internal static class VenueRules
{
    public static IEnumerable<Breach> HasRest(VenueOptions options, KnownVenue venue)
    {
        if (options.RestEndpoint is not null && !venue.HasRest)
        {
            yield return new Breach("endpoints.rest", $"{venue.Name} has no REST interface", "remove it");
        }
    }

    /// <summary>Patterns, the most traded ones, and symbols whose currencies nobody can tell apart need the venue's own list.</summary>
    public static IEnumerable<Breach> ListIsAtHand(VenueOptions options, KnownVenue venue)
    {
        if (options.RestEndpoint is not null || venue.IsOfTokens)
        {
            yield break;
        }

        var hint = venue.HasRest ? "add endpoints.rest, or name the instruments" : "name the instruments";
        for (var i = 0; i < options.Instruments.Count; i++)
        {
            var choice = options.Instruments[i];
            if (choice.IsOpen)
            {
                yield return new Breach($"instruments[{i}]", $"which are {choice} is known from the venue's list alone", hint);
            }
            else if (!InstrumentNames.GuessIds(choice.Name!).Any())
            {
                yield return new Breach($"instruments[{i}]", $"{choice} does not say where its quote currency begins", "write it like BTC-USDT");
            }
        }
    }

    public static IEnumerable<Breach> VenueHasThem(VenueOptions options, KnownVenue venue)
    {
        if (venue.SymbolOf is null)
        {
            yield break;
        }

        for (var i = 0; i < options.Instruments.Count; i++)
        {
            if (options.Instruments[i] is { IsOpen: false, Name: { } name } && InstrumentNames.GuessIds(name).Any())
            {
                var found = Find(venue, name);
                if (found.Count == 0)
                {
                    yield return new Breach($"instruments[{i}]", $"{venue.Name} has no {name}", "name an instrument of this venue");
                }
                else if (found.Count > 1)
                {
                    yield return new Breach($"instruments[{i}]", $"{name} may be {string.Join(" or ", found.Select(one => one.Id))}",
                        "write one of them");
                }
            }
        }
    }

    /// <summary>Of two instruments under one symbol, all data would go to the first.</summary>
    public static IEnumerable<Breach> SymbolsDiffer(VenueOptions options, KnownVenue venue)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; venue.SymbolOf is not null && i < options.Instruments.Count; i++)
        {
            if (options.Instruments[i] is { IsOpen: false, Name: { } name } && Find(venue, name) is [var only]
                && !first.TryAdd(only.Symbol, name))
            {
                yield return new Breach($"instruments[{i}]", $"{name} and {first[only.Symbol]} are both {only.Symbol} at {venue.Name}",
                    "keep the one that is meant");
            }
        }
    }

    /// <summary>Twice the same entry, but for its legs. Of instruments that are named the rule of the symbols tells.</summary>
    public static IEnumerable<Breach> LegsAgree(VenueOptions options, KnownVenue venue)
    {
        var first = new Dictionary<InstrumentChoice, int>();
        for (var i = 0; i < options.Instruments.Count; i++)
        {
            var choice = options.Instruments[i];
            var entry = choice with { Legs = null };
            if (!first.TryAdd(entry, i) && (choice.IsOpen || venue.SymbolOf is null))
            {
                yield return new Breach($"instruments[{i}]", $"{entry} is in the list already, with other legs", $"it is [{first[entry]}] too: remove one");
            }
        }
    }

    /// <summary>Streams of one leg and streams of two never share a connection.</summary>
    public static IEnumerable<Breach> HasRoomForLegs(VenueOptions options)
    {
        var kinds = options.Instruments.Select(choice => choice.Legs ?? options.Legs).Distinct().Count();
        if (kinds > options.Pool.MaxConnections)
        {
            yield return new Breach(
                "pool.maxConnectionsPerPool", "streams of one leg and streams of two never share a connection, and only one is allowed",
                "write 2 or more, or give all instruments the same legs");
        }
    }

    /// <summary>Both are published in the same topic, and only one of them can be what a reader follows.</summary>
    public static IEnumerable<Breach> OneKindOfBook(VenueOptions options)
    {
        if (options.Channels.Contains(StreamChannel.Book) && options.Channels.Contains(StreamChannel.PartialBook))
        {
            var last = options.Channels.ToList().FindLastIndex(one => one is StreamChannel.Book or StreamChannel.PartialBook);
            yield return new Breach($"channels[{last}]", "book and partialBook exclude each other", "keep one of them");
        }
    }

    public static IEnumerable<Breach> WithinLimits(PoolOptions pool, KnownVenue venue)
    {
        if (venue.Limits is not { } limits)
        {
            yield break;
        }

        if (pool.MaxStreamsPerConnection > limits.MaxStreamsPerConnection)
        {
            yield return Above("maxStreamsPerConnection", pool.MaxStreamsPerConnection.Value, limits.MaxStreamsPerConnection,
                "streams per connection");
        }

        if (pool.MaxConnections > limits.MaxConnections)
        {
            yield return Above("maxConnectionsPerPool", pool.MaxConnections.Value, limits.MaxConnections, "connections per pool");
        }

        if (pool.MaxMessagesPerSecond > limits.MaxMessagesPerSecond)
        {
            yield return Above("maxMessagesPerSecond", pool.MaxMessagesPerSecond.Value, limits.MaxMessagesPerSecond, "messages per second");
        }

        Breach Above(string key, int value, int limit, string what) =>
            new($"pool.{key}", $"{venue.Name} allows {limit} {what}, not {value}", $"write {limit} or less, or remove the key");
    }

    private static IReadOnlyList<InstrumentInfo> Find(KnownVenue venue, string name) =>
        InstrumentDirectory.OfNames(venue.Name, [name], venue.SymbolOf!).Find(name);
}
