using Pipeline.Core.Books;
using Pipeline.Core.Candles;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;

namespace Pipeline.Tests.Topology;

public sealed class TopologyReaderTests
{
    [Fact]
    public void Read_MinimalFile_EverythingElseIsDefault()
    {
        var topology = TopologyText.Read(TopologyText.Minimal).Require();

        var venue = Assert.Single(topology.Venues);
        Assert.Equal("acme", venue.Name);
        Assert.Equal(new Uri("ws://127.0.0.1:1"), venue.WebSocketEndpoint);
        Assert.Equal([InstrumentChoice.Of("BTC-USDT")], venue.Instruments);
        Assert.Null(venue.RestEndpoint);
        Assert.Equal([StreamChannel.Trade, StreamChannel.Quote], venue.Channels);
        Assert.Equal("aggTrade", venue.TradeSource);
        Assert.Equal(new BookOptions(), topology.Books);
        Assert.Equal(new WebSocketOptions(), venue.WebSocket);
        Assert.Equal(new PoolOptions(), venue.Pool);
        Assert.Equal(new CandleOptions().Live, topology.Candles.Live);
        Assert.Equal(CandleInterval.All, topology.Candles.Intervals);
        Assert.Equal(12, topology.Kafka.Partitions);
        Assert.Null(topology.Simulator);
        Assert.Equal("t.yaml", topology.Path);
    }

    [Fact]
    public void Read_EveryKey_ReachesItsOption()
    {
        var topology = TopologyText.Read("""
            clock: recorded
            kafka:
              bootstrapServers: "a.example:9092, [::1]:9093"
              topicPrefix: test.1
              partitions: 6
              createTopics: never
              embedded: false
              properties: {security.protocol: SASL_SSL, sasl.username: 17}
            venues:
              acme:
                endpoints: {webSocket: wss://stream.example.com, rest: https://api.example.com}
                instruments: [BTC-USDT, eth/usdt, "*-USDC", {top: 50, quote: USDT, kind: spot}]
                instrumentRefresh: 30s
                channels: [book, venueCandle]
                tradeSource: trade
                venueCandleIntervals: [60, 1m]
                websocket:
                  autoReconnect: false
                  maxReconnectAttempts: 0
                  reconnectDelay: 250ms
                  maxReconnectDelay: 1.5m
                  backoffMultiplier: 1.5
                  connectTimeout: 3s
                  maxFrameBytes: 1MiB
                  receiveBufferBytes: 65536
                pool: {maxStreamsPerConnection: 1000, maxMessagesPerSecond: 4, batchSize: 7, batchDelay: 20ms}
            candles: {intervals: [1h, s1, m5], live: [5m], updateInterval: 0s, longUpdateInterval: 2s}
            books: {depth: 20, snapshotInterval: 2s}
            graph: {entranceCapacity: 3, blockCapacity: 4, lanes: 5}
            collector: {listen: http://127.0.0.1:18081}
            simulator:
              binanceSpotListen: http://0.0.0.0:19443
              controlListen: http://127.0.0.1:19400
              seed: -1
              tradesPerSecond: 0.5
              quotesPerSecond: 2000
              symbols: {BTC-USDT: {price: 27000.10, priceStep: 0.01, quantityStep: 0.00001}}
              replay: {recording: x, speed: 0.001}
              load: true
              scenario: faults.yaml
              transcript: /tmp
              maxUnsentBytes: 2GiB
            """).Require();

        Assert.Equal(ClockMode.Recorded, topology.Clock);
        Assert.Equal("a.example:9092, [::1]:9093", topology.Kafka.BootstrapServers);
        Assert.Equal(("test.1", 6, TopicCreation.Never, false),
            (topology.Kafka.TopicPrefix, topology.Kafka.Partitions, topology.Kafka.CreateTopics, topology.Kafka.Embedded));
        Assert.Equal("17", topology.Kafka.Properties["sasl.username"]);
        var venue = topology.Venues[0];
        Assert.Equal([StreamChannel.Book, StreamChannel.VenueCandle], venue.Channels);
        Assert.Equal("trade", venue.TradeSource);
        Assert.Equal(new Uri("https://api.example.com"), venue.RestEndpoint);
        Assert.Equal(TimeSpan.FromSeconds(30), venue.InstrumentRefresh);
        Assert.Equal(
            [InstrumentChoice.Of("BTC-USDT"), InstrumentChoice.Of("eth/usdt"), InstrumentChoice.Of("*-USDC"),
             new InstrumentChoice { Top = 50, Quote = "USDT", Kind = InstrumentKind.Spot }],
            venue.Instruments);
        Assert.Equal(new BookOptions { Depth = 20, SnapshotInterval = TimeSpan.FromSeconds(2) }, topology.Books);
        Assert.Equal(["1h", "1m"], venue.VenueCandleIntervals.Select(one => one.Name));
        Assert.Equal(
            new WebSocketOptions
            {
                AutoReconnect = false,
                MaxReconnectAttempts = 0,
                ReconnectDelay = TimeSpan.FromMilliseconds(250),
                MaxReconnectDelay = TimeSpan.FromSeconds(90),
                BackoffMultiplier = 1.5,
                ConnectTimeout = TimeSpan.FromSeconds(3),
                MaxFrameBytes = 1024 * 1024,
                ReceiveBufferBytes = 65536,
            },
            venue.WebSocket);
        Assert.Equal(
            new PoolOptions
            {
                MaxStreamsPerConnection = 1000,
                MaxMessagesPerSecond = 4,
                BatchSize = 7,
                BatchDelay = TimeSpan.FromMilliseconds(20),
            },
            venue.Pool);
        Assert.Equal(["1s", "5m", "1h"], topology.Candles.Intervals.Select(one => one.Name));
        Assert.Equal(["5m"], topology.Candles.Live.Select(one => one.Name));
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(2)), (topology.Candles.UpdateInterval, topology.Candles.LongUpdateInterval));
        Assert.Equal((3, 4, 5), (topology.Graph.EntranceCapacity, topology.Graph.BlockCapacity, topology.Graph.Lanes));
        Assert.Equal(new Uri("http://127.0.0.1:18081"), topology.Collector.Listen);
        var simulator = topology.Simulator!;
        Assert.Equal(new Uri("http://0.0.0.0:19443"), simulator.BinanceSpotListen);
        Assert.Equal(new Uri("http://127.0.0.1:19400"), simulator.ControlListen);
        Assert.Equal((-1, 0.5, 2000d, 2L << 30),
            (simulator.Seed, simulator.TradesPerSecond, simulator.QuotesPerSecond, simulator.MaxUnsentBytes));
        Assert.Equal(
            [new SimulatedSymbol("BTC-USDT", Number.Parse("27000.1"), Number.Parse("0.01"), Number.Parse("0.00001"))], simulator.Symbols);
        Assert.Equal(new ReplayOptions { Recording = "x", Speed = 0.001 }, simulator.Replay);
        Assert.Equal((true, "faults.yaml", "/tmp"), (simulator.Load, simulator.Scenario, simulator.Transcript));
    }

    [Fact]
    public void Read_LiveLeftOut_IsTheDefaultAmongTheIntervalsMade()
    {
        var topology = TopologyText.ReadWith("candles: {intervals: [3m, 1m, 1h]}").Require();

        Assert.Equal(["1m", "1h"], topology.Candles.Live.Select(one => one.Name));
    }

    [Fact]
    public void Read_LanesLeftOut_AreNotMoreThanPartitions() =>
        Assert.Equal(1, TopologyText.ReadWith("kafka: {partitions: 1}").Require().Graph.Lanes);

    [Fact]
    public void Read_AliasOfASection_IsThatSectionAgain()
    {
        var topology = TopologyText.Read("""
            venues:
              acme:
                endpoints: {webSocket: ws://h:1}
                instruments: &all [BTC-USDT, ETH-USDT]
            candles: {intervals: &some [1m, 5m], live: *some}
            """).Require();

        Assert.Equal(topology.Candles.Intervals, topology.Candles.Live);
    }

    [Fact]
    public void Read_Variables_AreReplacedBeforeTheTypeIsChecked()
    {
        var environment = new Dictionary<string, string> { ["PARTS"] = "24", ["EMPTY"] = "" };
        var topology = TopologyText.ReadWith("kafka: {partitions: \"${PARTS}\", topicPrefix: 'md${NONE:-x}${EMPTY:-y}'}", environment);
        var plain = TopologyText.ReadWith("kafka: {topicPrefix: 'md${NONE:-x}${EMPTY:-y}'}\ngraph:\n  lanes: ${PARTS}\n", environment);

        Assert.Equal("'${PARTS}' is text", Assert.Single(topology.Errors).Message);
        Assert.Equal("24 lanes share 12 partitions: some would idle", Assert.Single(plain.Errors).Message);
        Assert.Equal("mdxy",
            TopologyText.ReadWith("kafka: {topicPrefix: 'md${NONE:-x}${EMPTY:-y}'}", environment).Require().Kafka.TopicPrefix);
    }

    [Fact]
    public void Read_EscapedVariable_IsPlainText()
    {
        var topology = TopologyText.ReadWith("kafka: {properties: {sasl.password: 'a$${b}$c'}}").Require();

        Assert.Equal("a${b}$c", topology.Kafka.Properties["sasl.password"]);
    }

    [Fact]
    public void Read_ServersInTheEnvironment_GoBeforeTheFileAndAreNotEmbedded()
    {
        var environment = new Dictionary<string, string> { ["KAFKA_BOOTSTRAP_SERVERS"] = "kafka-1:9092,kafka-2:9092" };
        var kafka = TopologyText.ReadWith("kafka: {embedded: true}", environment).Require().Kafka;

        Assert.Equal(("kafka-1:9092,kafka-2:9092", false), (kafka.BootstrapServers, kafka.Embedded));
    }

    [Theory]
    [InlineData("127.0.0.1:29092")]
    [InlineData(" ")]
    [InlineData("")]
    public void Read_NoOtherServersInTheEnvironment_StayEmbedded(string servers)
    {
        var environment = new Dictionary<string, string> { ["KAFKA_BOOTSTRAP_SERVERS"] = servers };

        Assert.True(TopologyText.Read(TopologyText.Minimal, environment).Require().Kafka.Embedded);
    }

    [Fact]
    public void ReadFile_ByteOrderMark_IsSkipped()
    {
        using var file = new TemporaryFile([0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(TopologyText.Minimal)]);

        Assert.Equal(file.Path, new TopologyReader([TopologyText.Acme], _ => null).ReadFile(file.Path).Require().Path);
    }

    [Fact]
    public void Read_EveryChannel_GoesByItsName()
    {
        var every = new KnownVenue("every") { SymbolOf = id => id };
        var text = $"venues: {{every: {{endpoints: {{webSocket: ws://h:1}}, instruments: [A-B], channels: [{string.Join(", ", ChannelNames.All.Select(one => one.Word))}]}}}}";

        // Two of them exclude each other, and that is all there is to say about them.
        var error = Assert.Single(new TopologyReader([every], _ => null).ReadText(text, "t.yaml").Errors);

        Assert.Equal("book and partialBook exclude each other", error.Message);
        Assert.Equal(Enum.GetValues<StreamChannel>(), ChannelNames.All.Select(one => one.Channel));
    }

    [Fact]
    public void Read_OtherVenues_HaveDefaultsOfTheirOwn()
    {
        var mint = "So11111111111111111111111111111111111111112";
        var topology = TopologyText.Read($$"""
            venues:
              apex-futures: {endpoints: {webSocket: ws://h:1}, instruments: [BTCUSDT.P, ETH-USDT-SWAP, "apex:SOLUSDT.p"]}
              chain: {endpoints: {webSocket: ws://h:2}, instruments: [{{mint}}, "*"]}
            """).Require();

        Assert.Equal([StreamChannel.Trade], topology.Venues[0].Channels);
        Assert.Equal("all", topology.Venues[0].TradeSource);
        Assert.Equal([StreamChannel.Price], topology.Venues[1].Channels);
        Assert.Empty(topology.Venues[1].TradeSource);
        Assert.Equal([mint, "*"], topology.Venues[1].Instruments.Select(choice => choice.Name));
    }

    [Theory]
    [InlineData("BTC-USDT")]
    [InlineData("btc/usdt")]
    [InlineData("btcusdt")]
    [InlineData("ACME:BTCUSDT")]
    [InlineData("币安人生USDT")]
    [InlineData("币安人生-USDT")]
    public void Read_InstrumentInAnySpelling_IsTaken(string name) =>
        Assert.Equal(
            InstrumentChoice.Of(name),
            TopologyText.Read($"venues: {{acme: {{endpoints: {{webSocket: ws://h:1}}, instruments: [\"{name}\"]}}}}").Require().Venues[0].Instruments[0]);

    [Fact]
    public void Read_SymbolsOfOtherScripts_AreSimulated()
    {
        var simulator = TopologyText.ReadWith("simulator: {symbols: {币安人生-USDT: {price: 100, priceStep: 1, quantityStep: 1}}}").Require().Simulator!;

        Assert.Equal(("币安人生", "USDT"), (simulator.Symbols[0].Base, simulator.Symbols[0].Quote));
    }

    [Fact]
    public void Read_Gateway_TakesEveryKeyAndPutsVariablesIn()
    {
        var topology = TopologyText.ReadWith("""
            gateway:
              listen: https://0.0.0.0:8443
              certificate: chain.pem
              certificateKey: key.pem
              maxConnections: 5
              outboxLimit: 64KiB
              memoryLimit: 1GiB
              compression: false
              minor: true
              defaultVenue: acme
              tokens: ["${TOKEN}", other-token]
              jwt: {secret: 0123456789abcdef0123456789abcdef, audience: pipeline, issuer: https://id.example}
              adminToken: admin-token
              origins: [HTTPS://App.Example:443, http://localhost:5173/]
              trustedProxies: [10.0.0.0/8, "::1"]
              limits: {maxMessageBytes: 2KiB, maxFilters: 3, maxStreams: 9, maxMessagesPerSecond: 4, maxMessagesPerSecondPerAddress: 10, maxStreamsPerAddress: 11, maxConnectionsPerAddress: 5, maxConnectsPerSecond: 6, maxRequestsPerSecond: 7, maxSocketsPerAddress: 8, maxSocketsPerProxy: 90, penalty: 1m}
              replayWindow: {age: 2m, records: 7}
            """, new Dictionary<string, string> { ["TOKEN"] = "from-outside" }).Require();

        var gateway = topology.Gateway!;
        Assert.Equal((new Uri("https://0.0.0.0:8443"), "chain.pem", "key.pem", "acme"),
            (gateway.Listen, gateway.Certificate, gateway.CertificateKey, gateway.DefaultVenue));
        Assert.Equal((5, 65536, 1L << 30, false, true),
            (gateway.MaxConnections, gateway.OutboxLimit, gateway.MemoryLimit, gateway.Compression, gateway.Minor));
        Assert.Equal(["from-outside", "other-token"], gateway.Tokens);
        Assert.Equal(("pipeline", "https://id.example", "admin-token"), (gateway.Jwt!.Audience, gateway.Jwt.Issuer, gateway.AdminToken));
        Assert.Equal(["https://app.example", "http://localhost:5173"], gateway.Origins);
        Assert.Equal(["10.0.0.0/8", "::1/128"], gateway.TrustedProxies.Select(one => one.ToString()));
        Assert.Equal(
            new GatewayLimits
            {
                MaxMessageBytes = 2048,
                MaxFilters = 3,
                MaxStreams = 9,
                MaxMessagesPerSecond = 4,
                MaxMessagesPerSecondPerAddress = 10,
                MaxStreamsPerAddress = 11,
                MaxConnectionsPerAddress = 5,
                MaxConnectsPerSecond = 6,
                MaxRequestsPerSecond = 7,
                MaxSocketsPerAddress = 8,
                MaxSocketsPerProxy = 90,
                Penalty = TimeSpan.FromMinutes(1),
            },
            gateway.Limits);
        Assert.Equal(new ReplayWindowOptions { Age = TimeSpan.FromMinutes(2), Records = 7 }, gateway.ReplayWindow);
        Assert.DoesNotContain("from-outside", $"{topology}", StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", $"{gateway.Jwt}", StringComparison.Ordinal);
        Assert.DoesNotContain("admin-token", $"{gateway}", StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithoutGateway_HasNone() => Assert.Null(TopologyText.ReadWith("clock: system").Require().Gateway);
}
