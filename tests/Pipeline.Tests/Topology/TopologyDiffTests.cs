using System.Text.Json.Nodes;
using Pipeline.Core.Topology;
using Pipeline.Core.Topology.Diff;
using Pipeline.Host.Venues;

namespace Pipeline.Tests.Topology;

public sealed class TopologyDiffTests
{
    private const string More = """
        candles: {intervals: [1s, 1m, 5m], live: [1m]}

        """;

    private static readonly TopologyFile Before = TopologyText.ReadWith(More).Require();

    [Fact]
    public void Between_TheSameFileReadTwice_IsEmpty()
    {
        var diff = TopologyDiff.Between(Before, TopologyText.ReadWith(More).Require());

        Assert.True(diff.IsEmpty);
        Assert.Null(diff.Candles);
        Assert.Empty(diff.Venues);
    }

    [Fact]
    public void Between_EveryExampleReadTwice_IsEmpty()
    {
        var reader = new TopologyReader(KnownVenues.All, _ => null);
        foreach (var file in Directory.GetFiles(TopologyFilesTests.PathOf(""), "*.yaml"))
        {
            Assert.True(TopologyDiff.Between(reader.ReadFile(file).Require(), reader.ReadFile(file).Require()).IsEmpty, file);
        }
    }

    [Fact]
    public void Between_InstrumentsAndChannels_AreHotAndNamed()
    {
        var after = Edit("[BTC-USDT]", "[ETH-USDT, SOL-USDT]", "    channels: [trade, book]\n    instrumentRefresh: 1m\n");
        var diff = TopologyDiff.Between(Before, after);

        var venue = Assert.Single(diff.Venues);
        Assert.Equal(("acme", "ETH-USDT SOL-USDT", "BTC-USDT"), (venue.Venue, string.Join(' ', venue.InstrumentsAdded), string.Join(' ', venue.InstrumentsRemoved)));
        Assert.Equal(("Book", "Quote"), (string.Join(' ', venue.ChannelsAdded), string.Join(' ', venue.ChannelsRemoved)));
        Assert.Equal(["venues.acme.instruments", "venues.acme.channels", "venues.acme.instrumentRefresh"], diff.Hot.Order(Order));
        Assert.Empty(diff.NeedsRestart);
        Assert.Equal(TimeSpan.FromMinutes(1), Assert.Single(diff.Effective.Venues).InstrumentRefresh);
    }

    [Fact]
    public void Between_Legs_OfTheVenueOrOfOneInstrument_AreHot()
    {
        var venue = TopologyDiff.Between(Before, TopologyText.Read(TopologyText.Minimal + "    legs: 2\n" + More).Require());
        Assert.Equal(["venues.acme.legs"], venue.Hot);
        Assert.Equal((0, 2), (venue.NeedsRestart.Count, venue.Effective.Venues[0].Legs));

        var one = TopologyDiff.Between(Before, Edit("[BTC-USDT]", "[{name: BTC-USDT, legs: 2}]", ""));
        Assert.Equal(["venues.acme.instruments"], one.Hot);
        Assert.Empty(one.NeedsRestart);
        Assert.Equal("BTC-USDT (2 legs)", Assert.Single(Assert.Single(one.Venues).InstrumentsAdded).ToString());
    }

    [Theory]
    [InlineData("intervals: [1s, 1m, 5m], live: [1m]", "intervals: [1m, 5m, 1h], live: [1m]", "candles.intervals")]
    [InlineData("live: [1m]", "live: []", "candles.live")]
    [InlineData("live: [1m]", "live: [1m], updateInterval: 1s", "candles.updateInterval")]
    public void Between_Candles_AreHot(string from, string to, string key)
    {
        var diff = TopologyDiff.Between(Before, TopologyText.ReadWith(More.Replace(from, to, StringComparison.Ordinal)).Require());

        Assert.Equal([key], diff.Hot);
        Assert.NotNull(diff.Candles);
        Assert.Same(diff.Candles, diff.Effective.Candles);
        Assert.Empty(diff.NeedsRestart);
    }

    [Theory]
    [InlineData("kafka: {partitions: 24}\n", "kafka.partitions")]
    [InlineData("kafka: {properties: {linger.ms: 5}}\n", "kafka.properties")]
    [InlineData("books: {depth: 20}\n", "books.depth")]
    [InlineData("displayFilter: {enabled: true}\n", "displayFilter.enabled")]
    [InlineData("collector: {adminToken: abcdefgh}\n", "collector.adminToken")]
    [InlineData("    pool: {maxConnectionsPerPool: 3}\n", "venues.acme.pool.maxConnectionsPerPool")]
    [InlineData("    websocket: {maxConnectionAge: 1h}\n", "venues.acme.websocket.maxConnectionAge")]
    [InlineData("    trafficBudget: 1MiB\n", "venues.acme.trafficBudget")]
    [InlineData("    tradeSource: trade\n", "venues.acme.tradeSource")]
    [InlineData("    network: {proxies: [\"http://proxy:3128\"]}\n", "venues.acme.network.proxies")]
    public void Between_OtherKeys_NeedARestartAreNamedAndStay(string edit, string key)
    {
        var diff = TopologyDiff.Between(Before, TopologyText.Read(TopologyText.Minimal + edit + More).Require());

        Assert.Equal([key], diff.NeedsRestart);
        Assert.Empty(diff.Hot);
        Assert.False(diff.IsEmpty);
        Assert.True(TopologyDiff.Between(Before, diff.Effective).IsEmpty);
    }

    [Fact]
    public void Between_Address_NeedsARestart()
    {
        var after = TopologyText.Read((TopologyText.Minimal + More).Replace("127.0.0.1:1", "127.0.0.1:2", StringComparison.Ordinal)).Require();
        var diff = TopologyDiff.Between(Before, after);

        Assert.Equal(["venues.acme.endpoints.webSocket"], diff.NeedsRestart);
        Assert.Equal(1, diff.Effective.Venues[0].WebSocketEndpoint.Port);
    }

    [Fact]
    public void Between_VenueThatCame_IsAddedAndOneThatWentIsRemoved()
    {
        const string other = """
              apex-futures:
                endpoints: {webSocket: ws://127.0.0.1:7}
                instruments: [BTC-USDT-PERP]
                channels: [trade]

            """;
        var both = TopologyText.Read(TopologyText.Minimal + other + More).Require();

        var came = TopologyDiff.Between(Before, both);
        Assert.Equal(["apex-futures"], came.AddedVenues.Select(venue => venue.Name));
        Assert.Empty(came.RemovedVenues);
        Assert.Empty(came.Venues);
        var went = TopologyDiff.Between(both, Before);
        Assert.Equal(["apex-futures"], went.RemovedVenues);
        Assert.Equal(["acme"], went.Effective.Venues.Select(venue => venue.Name));
    }

    /// <summary>A key that the walk through the records could not name would change unnoticed.</summary>
    [Fact]
    public void Paths_NameEveryKeyOfTheSchema()
    {
        var schema = JsonNode.Parse(TopologySchema.ToJson(KnownVenues.All))!;
        var paths = OptionPaths.All(typeof(TopologyFile), nameof(TopologyFile.Path), nameof(TopologyFile.Venues))
            .Concat(OptionPaths.All(typeof(VenueOptions), nameof(VenueOptions.Name)).Select(path => $"venues.binance.{path}")).ToHashSet();
        var keys = KeysOf(schema, "").Where(key => !key.StartsWith("venues", StringComparison.Ordinal) || key.StartsWith("venues.binance.", StringComparison.Ordinal))
            .Where(key => !key.StartsWith("simulator", StringComparison.Ordinal))
            .Select(key => key.StartsWith("history.maxAgeOf.", StringComparison.Ordinal) ? "history.maxAgeOf" : key).Distinct().ToList();

        Assert.True(keys.Count > 50, $"only {keys.Count} keys");
        Assert.All(keys, key => Assert.Contains(key, paths));
    }

    private static readonly Comparer<string> Order = Comparer<string>.Create((one, other) => Rank(one).CompareTo(Rank(other)));

    private static int Rank(string key) => key.EndsWith("instruments", StringComparison.Ordinal) ? 0 : key.EndsWith("channels", StringComparison.Ordinal) ? 1 : 2;

    private static IEnumerable<string> KeysOf(JsonNode section, string prefix) => section["properties"]!.AsObject().SelectMany(
        key => key.Value!["properties"] is null ? [prefix + key.Key] : KeysOf(key.Value, $"{prefix}{key.Key}."));

    private static TopologyFile Edit(string from, string to, string keys) =>
        TopologyText.Read(TopologyText.Minimal.Replace(from, to, StringComparison.Ordinal) + keys + More).Require();
}
