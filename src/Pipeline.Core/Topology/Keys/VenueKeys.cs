using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

internal static class VenueKeys
{
    // Required, so that this one never reaches a topology.
    private static readonly Uri NoEndpoint = new("ws://unset");

    private static readonly StreamChannel[] UsualChannels = [StreamChannel.Trade, StreamChannel.Quote];

    public static Section<VenueOptions> Make(KnownVenue venue)
    {
        var section = new Section<VenueOptions>(() => Defaults(venue))
            .Required("endpoints", MakeEndpoints(), (o, v) => o with { WebSocketEndpoint = v.WebSocket!, RestEndpoint = v.Rest },
                "Where the venue is.")
            .Required("instruments", new ListShape<InstrumentChoice>("instrument", new InstrumentShape(venue.IsOfTokens), 1),
                (o, v) => o with { Instruments = v },
                venue.IsOfTokens
                    ? "Tokens by mint address; \"*\" for all that are told of."
                    : "Instruments: BTC-USDT, BTC-USDT-PERP, or as ccxt, TradingView or the venue write them; \"*-USDT\" for all that fit.")
            .Key("channels", new ListShape<StreamChannel>("channel", new ChannelShape(venue.Channels, venue.Name), 1),
                o => o.Channels, (o, v) => o with { Channels = v }, "Kinds of data taken of every instrument.");
        if (Has(venue, StreamChannel.Trade))
        {
            section.Key("tradeSource", SourceShape(venue), o => o.TradeSource, (o, v) => o with { TradeSource = v },
                "Stream the trades come from, in the venue's word.");
        }

        if (Has(venue, StreamChannel.VenueCandle))
        {
            var intervals = venue.CandleIntervals.Count > 0 ? venue.CandleIntervals : CandleInterval.All;
            section.Key("venueCandleIntervals", new ListShape<CandleInterval>("interval", new IntervalShape(intervals, venue.Name), 1),
                o => o.VenueCandleIntervals, (o, v) => o with { VenueCandleIntervals = v },
                "Intervals of the venue's own candles, taken with the channel venueCandle.");
        }

        return section
            .Key("instrumentRefresh", new DurationShape(TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)), o => o.InstrumentRefresh,
                (o, v) => o with { InstrumentRefresh = v }, "How often the venue's list of instruments is asked for; changes are published.")
            .Key("legs", new IntegerShape(1, 2), o => o.Legs, (o, v) => o with { Legs = v },
                "Connections side by side that carry the same streams; the first copy wins."
                + (venue.IsOfTokens ? "" : " An instrument may say its own."))
            .Key("trafficBudget", new SizeShape(1, 1024L * SizeShape.MiB), _ => null, (o, v) => o with { TrafficBudget = v },
                "Bytes a second on the wire above which the operator is told. Left out: not watched.")
            .Key("network", ConnectionKeys.MakeNetwork(), _ => null, (o, v) => o with { Network = v }, "How the venue is reached.")
            .Key("websocket", ConnectionKeys.MakeWebSocket(), _ => null, (o, v) => o with { WebSocket = v }, "How a connection is kept.")
            .Key("pool", ConnectionKeys.MakePool(), _ => null, (o, v) => o with { Pool = v }, "How subscriptions are spread and paced.")
            .Rule(["endpoints"], options => VenueRules.HasRest(options, venue))
            .Rule(["instruments", "endpoints"], options => VenueRules.ListIsAtHand(options, venue))
            .Rule(["instruments"], options => VenueRules.VenueHasThem(options, venue))
            .Rule(["instruments"], options => VenueRules.SymbolsDiffer(options, venue))
            .Rule(["channels"], VenueRules.OneKindOfBook)
            .Rule(["instruments"], options => VenueRules.LegsAgree(options, venue))
            .Rule(["instruments", "legs", "pool"], VenueRules.HasRoomForLegs)
            .Rule(["pool"], options => VenueRules.WithinLimits(options.Pool, venue));
    }

    private static bool Has(KnownVenue venue, StreamChannel channel) => venue.Channels.Count == 0 || venue.Channels.Contains(channel);

    /// <summary>The usual channels as far as the venue has them, else all that it has.</summary>
    private static VenueOptions Defaults(KnownVenue venue)
    {
        var usual = UsualChannels.Where(channel => Has(venue, channel)).ToList();
        return new VenueOptions
        {
            Name = venue.Name,
            WebSocketEndpoint = NoEndpoint,
            Instruments = [],
            Channels = usual.Count > 0 ? usual : venue.Channels,
            TradeSource = venue.TradeSources.Count > 0 ? venue.TradeSources[0] : "",
        };
    }

    private static Section<VenueEndpoints> MakeEndpoints() =>
        new Section<VenueEndpoints>(() => new VenueEndpoints(null, null))
            .Required("webSocket", new AddressShape("ws", "wss"), (o, v) => o with { WebSocket = v },
                "WebSocket address without a path, such as wss://stream.binance.com:9443.")
            .Key("rest", new AddressShape("http", "https"), _ => null, (o, v) => o with { Rest = v },
                "REST address without a path, such as https://api.binance.com: instrument lists, book snapshots, repair.");

    private static ScalarShape<string> SourceShape(KnownVenue venue) => venue.TradeSources.Count > 0
        ? new ChoiceShape<string>("trade source", [.. venue.TradeSources.Select(source => (source, source))])
        : new TextShape("a word", "^.+$");
}
