using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Commands;

/// <summary>What a topology would run.</summary>
internal sealed record TopologySummary
{
    public required string File { get; init; }

    public required string Clock { get; init; }

    public required string Brokers { get; init; }

    public required bool IsBrokerEmbedded { get; init; }

    public required int Partitions { get; init; }

    public required IReadOnlyList<VenueSummary> Venues { get; init; }

    public required IReadOnlyList<string> Intervals { get; init; }

    public required IReadOnlyList<string> LiveIntervals { get; init; }

    public required IReadOnlyList<string> Topics { get; init; }

    public required string Collector { get; init; }

    /// <summary>Null when no gateway is started.</summary>
    public required string? Gateway { get; init; }

    /// <summary>Null when no simulator is started.</summary>
    public required string? Simulator { get; init; }

    public static TopologySummary Of(TopologyFile topology) => new()
    {
        File = topology.Path,
        Clock = Word(topology.Clock),
        Brokers = topology.Kafka.BootstrapServers,
        IsBrokerEmbedded = topology.Kafka.Embedded,
        Partitions = topology.Kafka.Partitions,
        Venues = [.. topology.Venues.Select(Of)],
        Intervals = [.. topology.Candles.Intervals.Select(interval => interval.Name)],
        LiveIntervals = [.. topology.Candles.Live.Select(interval => interval.Name)],
        Topics = [.. TopicsOf(topology).Distinct().Select(topic => $"{topology.Kafka.TopicPrefix}.{topic}")],
        Collector = Address(topology.Collector.Listen),
        Gateway = topology.Gateway is { } gateway ? Describe(gateway) : null,
        Simulator = topology.Simulator is { } simulator ? Describe(simulator) : null,
    };

    public void Print(TextWriter output)
    {
        output.WriteLine($"{File} is valid. It would run:");
        var width = Math.Max("simulator".Length, Venues.Count == 0 ? 0 : Venues.Max(venue => venue.Name.Length));
        void Row(string name, string value) => output.WriteLine($"  {name.PadRight(width)}  {value}");

        Row("broker", IsBrokerEmbedded ? $"{Brokers}, embedded" : $"{Brokers}, not started here");
        Row("simulator", Simulator ?? "none");
        Row("collector", $"{Collector}, {Clock} clock");
        Row("gateway", Gateway ?? "none");
        foreach (var venue in Venues)
        {
            var what = $"{string.Join(", ", venue.Channels)} of {string.Join(", ", venue.Instruments)}";
            var streams = venue.Streams is { } count ? Count(count, "stream") : "streams";
            var rest = venue.Rest is null ? "" : $", REST {venue.Rest}";
            Row(venue.Name, $"{streams} from {venue.Endpoint}{rest}: {what}");
        }

        Row("candles", $"{string.Join(' ', Intervals)}; forming ones too of {string.Join(' ', LiveIntervals)}");
        Row("topics", $"{string.Join(' ', Topics)}, {Count(Partitions, "partition")}");
    }

    private static VenueSummary Of(VenueOptions venue) => new(
        venue.Name,
        Address(venue.WebSocketEndpoint),
        venue.RestEndpoint is { } rest ? Address(rest) : null,
        [.. venue.Instruments.Select(choice => choice.ToString())],
        [.. venue.Channels.Select(ChannelNames.WordOf)],
        venue.TradeSource,
        VenuePlan.CountStreams(venue));

    private static string Describe(SimulatorOptions simulator)
    {
        var what = simulator.Replay is { } replay
            ? FormattableString.Invariant($"replays {replay.Recording} at speed {replay.Speed}")
            : $"{Count(simulator.Symbols.Count, "symbol")}, seed {simulator.Seed}";
        var venues = string.Join(' ', simulator.VenueListens.Select(one => Address(one.Address)));
        return $"{venues}, control {Address(simulator.ControlListen)}, {what}";
    }

    private static string Describe(GatewayOptions gateway) =>
        $"{Address(gateway.Listen)}, up to {Count(gateway.MaxConnections, "client")}, {(gateway.NeedsToken ? "with a token" : "open to everybody who can reach it")}";

    private static IEnumerable<string> TopicsOf(TopologyFile topology)
    {
        foreach (var channel in topology.Venues.SelectMany(venue => venue.Channels).Distinct().Order())
        {
            yield return TopicOf(channel);
            if (channel is StreamChannel.Trade or StreamChannel.Price)
            {
                yield return "candles";
            }
        }

        yield return "gaps";
        yield return "health";
        yield return "instruments";
        yield return "status";
        yield return "audit";
        yield return "state";
        yield return "deadletter";
        if (topology.Kafka.Raw)
        {
            yield return "raw";
        }
    }

    private static string TopicOf(StreamChannel channel) => channel switch
    {
        StreamChannel.Trade => "trades",
        StreamChannel.Quote => "quotes",
        StreamChannel.Book or StreamChannel.PartialBook => "books",
        StreamChannel.VenueCandle => "venue-candles",
        StreamChannel.Ticker => "tickers",
        StreamChannel.MarkPrice => "marks",
        StreamChannel.Funding => "funding",
        StreamChannel.Liquidation => "liquidations",
        StreamChannel.Price => "prices",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "This channel has no topic."),
    };

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Address(Uri address) => address.OriginalString.TrimEnd('/');

    private static string Word(Enum value)
    {
        var word = value.ToString();
        return char.ToLowerInvariant(word[0]) + word[1..];
    }
}
