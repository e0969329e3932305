using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

internal static class VenueKeys
{
    // Required, so that this one never reaches a topology.
    private static readonly Uri NoEndpoint = new("ws://unset");

    private static readonly (string, StreamChannel)[] Channels =
    [
        ("trade", StreamChannel.Trade), ("quote", StreamChannel.Quote), ("book", StreamChannel.Book),
        ("venueCandle", StreamChannel.VenueCandle),
    ];

    public static Section<VenueOptions> Make(KnownVenue venue)
    {
        var intervals = venue.CandleIntervals.Count > 0 ? venue.CandleIntervals : CandleInterval.All;
        var instrument = new TextShape("an instrument", "^[A-Z0-9]{1,30}-[A-Z0-9]{1,30}(-PERP)?$",
            "write it like BTC-USDT or BTC-USDT-PERP");
        return new Section<VenueOptions>(() => new VenueOptions { Name = venue.Name, WebSocketEndpoint = NoEndpoint, Instruments = [] })
            .Required("endpoints", MakeEndpoints(), (o, v) => o with { WebSocketEndpoint = v.WebSocket! }, "Where the venue is.")
            .Required("instruments", new ListShape<string>("instrument", instrument, 1), (o, v) => o with { Instruments = v },
                "Instruments by canonical id: BTC-USDT for spot, BTC-USDT-PERP for perpetuals.")
            .Key("channels", new ListShape<StreamChannel>("channel", new ChoiceShape<StreamChannel>("channel", Channels), 1),
                o => o.Channels, (o, v) => o with { Channels = v }, "Kinds of data taken of every instrument.")
            .Key("tradeSource", SourceShape(venue), o => o.TradeSource, (o, v) => o with { TradeSource = v },
                "Stream the trades come from, in the venue's word.")
            .Key("venueCandleIntervals", new ListShape<CandleInterval>("interval", new IntervalShape(intervals, venue.Name), 1),
                o => o.VenueCandleIntervals, (o, v) => o with { VenueCandleIntervals = v },
                "Intervals of the venue's own candles, taken with the channel venueCandle.")
            .Key("websocket", ConnectionKeys.MakeWebSocket(), _ => null, (o, v) => o with { WebSocket = v }, "How a connection is kept.")
            .Key("pool", ConnectionKeys.MakePool(), _ => null, (o, v) => o with { Pool = v }, "How subscriptions are spread and paced.")
            .Rule(["instruments"], options => VenueHasThem(options.Instruments, venue))
            .Rule(["instruments"], options => SymbolsDiffer(options.Instruments, venue))
            .Rule(["pool"], options => WithinLimits(options.Pool, venue));
    }

    private static Section<VenueEndpoints> MakeEndpoints() =>
        new Section<VenueEndpoints>(() => new VenueEndpoints(default(Uri)))
            .Required("webSocket", new AddressShape("ws", "wss"), (o, v) => o with { WebSocket = v },
                "WebSocket address without a path, such as wss://stream.binance.com:9443.");

    private static ScalarShape<string> SourceShape(KnownVenue venue) => venue.TradeSources.Count > 0
        ? new ChoiceShape<string>("trade source", [.. venue.TradeSources.Select(source => (source, source))])
        : new TextShape("a word", "^.+$");

    private static IEnumerable<Breach> VenueHasThem(IReadOnlyList<string> instruments, KnownVenue venue) =>
        instruments.Select((instrument, i) => (instrument, i))
            .Where(one => venue.SymbolOf is not null && venue.SymbolOf(one.instrument) is null)
            .Select(one =>
                new Breach($"instruments[{one.i}]", $"{venue.Name} has no {one.instrument}", "name an instrument of this venue"));

    /// <summary>Of two instruments under one symbol, all data would go to the first.</summary>
    private static IEnumerable<Breach> SymbolsDiffer(IReadOnlyList<string> instruments, KnownVenue venue)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < instruments.Count; i++)
        {
            if (venue.SymbolOf?.Invoke(instruments[i]) is { } symbol && !first.TryAdd(symbol, instruments[i]))
            {
                yield return new Breach($"instruments[{i}]", $"{instruments[i]} and {first[symbol]} are both {symbol} at {venue.Name}",
                    "keep the one that is meant");
            }
        }
    }

    private static IEnumerable<Breach> WithinLimits(PoolOptions pool, KnownVenue venue)
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

        if (pool.MaxMessagesPerSecond > limits.MaxMessagesPerSecond)
        {
            yield return Above("maxMessagesPerSecond", pool.MaxMessagesPerSecond.Value, limits.MaxMessagesPerSecond, "messages per second");
        }

        Breach Above(string key, int value, int limit, string what) =>
            new($"pool.{key}", $"{venue.Name} allows {limit} {what}, not {value}", $"write {limit} or less, or remove the key");
    }
}
