using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;

namespace Pipeline.Tests.Topology;

/// <summary>Topologies as text, and a venue nobody knows: the reader must not depend on a real one.</summary>
internal static class TopologyText
{
    public const string Minimal = """
        venues:
          acme:
            endpoints: {webSocket: ws://127.0.0.1:1}
            instruments: [BTC-USDT]

        """;

    public static readonly KnownVenue Acme = new("acme")
    {
        Channels = [StreamChannel.Trade, StreamChannel.Quote, StreamChannel.Book, StreamChannel.PartialBook, StreamChannel.VenueCandle],
        HasRest = true,
        TradeSources = ["aggTrade", "trade"],
        CandleIntervals = [CandleInterval.Parse("1m"), CandleInterval.Parse("1h")],
        SymbolOf = id => id.EndsWith("-PERP", StringComparison.Ordinal) ? null : id.Replace("-", "", StringComparison.Ordinal),
        Limits = new VenueLimits
        {
            MaxStreamsPerConnection = 1000,
            MaxMessagesPerSecond = 4,
            MaxStreamsPerRequest = 200,
            MaxRequestBytes = 4000,
            AckTimeout = TimeSpan.FromSeconds(10),
        },
    };

    /// <summary>Lists perpetuals beside spot, and neither REST nor candles.</summary>
    public static readonly KnownVenue Apex = new("apex-futures")
    {
        Channels = [StreamChannel.Book, StreamChannel.MarkPrice, StreamChannel.Trade],
        TradeSources = ["all"],
        SymbolOf = id => id.Replace("-PERP", "-SWAP", StringComparison.Ordinal),
    };

    /// <summary>Tells of tokens.</summary>
    public static readonly KnownVenue Chain = new("chain")
    {
        Channels = [StreamChannel.Price],
        SymbolOf = id => InstrumentNames.IsMint(id) ? id : null,
    };

    public static TopologyResult Read(string text, Dictionary<string, string>? environment = null) =>
        new TopologyReader([Acme, Apex, Chain], name => environment?.GetValueOrDefault(name)).ReadText(text, "t.yaml");

    /// <summary>Reads the minimal topology with more text behind it; the text starts in line 5.</summary>
    public static TopologyResult ReadWith(string more, Dictionary<string, string>? environment = null) => Read(Minimal + more, environment);

    /// <summary>Reads the minimal topology with more keys in its venue; they start in line 5.</summary>
    public static TopologyResult ReadVenue(string keys) =>
        Read(Minimal + string.Concat(keys.ReplaceLineEndings("\n").Split('\n').Select(line => $"    {line}\n")));
}
