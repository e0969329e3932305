using System.Diagnostics;
using Pipeline.Core.Topology;

namespace Pipeline.Tests.Topology;

public sealed class TopologyErrorTests
{
    [Theory]
    [InlineData("kafka:\n  partitons: 3", 6, 3, "kafka.partitons", "unknown key 'partitons'", "did you mean 'partitions'")]
    [InlineData("kafka:\n  colour: 3", 6, 3, "kafka.colour", "unknown key 'colour'", "known here: bootstrapServers, ")]
    [InlineData("Kafka: {}", 5, 1, "Kafka", "unknown key 'Kafka'", "did you mean 'kafka'?")]
    [InlineData("kafka: {partitions: many}", 5, 21, "kafka.partitions", "'many' is not a whole number", "a whole number from 1 to 1000")]
    [InlineData("kafka: {partitions: 1.5}", 5, 21, "kafka.partitions", "'1.5' is not a whole number", "")]
    [InlineData("kafka: {partitions: '3'}", 5, 21, "kafka.partitions", "'3' is text", "without quotes")]
    [InlineData("kafka: {partitions: 0}", 5, 21, "kafka.partitions", "must be at least 1, not 0", "")]
    [InlineData("kafka: {partitions: 1001}", 5, 21, "kafka.partitions", "must be at most 1000, not 1001", "")]
    [InlineData("kafka: {partitions: 99999999999999999999999999999999}", 5, 21, "kafka.partitions", "'9999", "")]
    [InlineData("kafka: {partitions: [3]}", 5, 21, "kafka.partitions", "this is a list, not one value", "write a whole number")]
    [InlineData("kafka: {partitions: {a: 3}}", 5, 21, "kafka.partitions", "this is a section, not one value", "")]
    [InlineData("kafka:\n  partitions:", 6, 14, "kafka.partitions", "the value is missing", "or remove the key")]
    [InlineData("kafka:", 5, 7, "kafka", "the section is empty", "write {} for its defaults")]
    [InlineData("kafka: md", 5, 8, "kafka", "this must be a section of keys", "")]
    [InlineData("kafka: {embedded: yes}", 5, 19, "kafka.embedded", "'yes' is not true or false", "write true")]
    [InlineData("kafka: {embedded: 'true'}", 5, 19, "kafka.embedded", "'true' is text", "without quotes")]
    [InlineData("kafka: {createTopics: auto-matic}", 5, 23, "kafka.createTopics", "unknown way 'auto-matic'", "choose one of auto, never")]
    [InlineData("kafka: {bootstrapServers: kafka}", 5, 27, "kafka.bootstrapServers", "'kafka' is not a broker's address", "host:port")]
    [InlineData("kafka: {bootstrapServers: 'a:1,b:99999'}", 5, 27, "kafka.bootstrapServers", "'b:99999' is not", "")]
    [InlineData("kafka: {bootstrapServers: 'a:1,b:2'}", 5, 27, "kafka.bootstrapServers", "the embedded broker has one address",
        "embedded: false")]
    [InlineData("kafka: {topicPrefix: 'm d'}", 5, 22, "kafka.topicPrefix", "'m d' is not letters", "")]
    [InlineData("kafka: {properties: {bootstrap.servers: x}}", 5, 41, "kafka.properties.bootstrap.servers",
        "this property cannot be set here: write it as kafka.bootstrapServers", "remove it")]
    [InlineData("kafka: {properties: {delivery.report.only.error: true}}", 5, 50, "kafka.properties.delivery.report.only.error",
        "this property cannot be set here: without a report of every delivery", "")]
    [InlineData("kafka: {properties: {linger.ms: 5, acks: 1}}", 5, 42, "kafka.properties.acks",
        "this property cannot be set here: a record counts as written", "")]
    [InlineData("kafka:\n  partitions: 3\n  embedded: true\n  partitions: 4", 8, 3, "kafka.partitions", "the key is here twice", "line 6")]
    [InlineData("candles: {intervals: [1m, 2m]}", 5, 27, "candles.intervals[1]", "unknown interval '2m'", "did you mean '")]
    [InlineData("candles: {intervals: [1m, m1]}", 5, 27, "candles.intervals[1]", "interval '1m' is in the list already", "[0]")]
    [InlineData("candles: {intervals: 1m}", 5, 22, "candles.intervals", "this must be a list", "write [1m]")]
    [InlineData("candles: {intervals: []}", 5, 22, "candles.intervals", "the list needs at least 1 interval", "")]
    [InlineData("candles: {intervals: [1m], live: [1m, 5m]}", 5, 39, "candles.live[1]", "candles of 5m are not made", "candles.intervals")]
    [InlineData("candles: {updateInterval: 250}", 5, 27, "candles.updateInterval", "'250' is not a duration", "250ms")]
    [InlineData("candles: {updateInterval: -1s}", 5, 27, "candles.updateInterval", "'-1s' is not a duration", "")]
    [InlineData("candles: {updateInterval: 2d}", 5, 27, "candles.updateInterval", "must be at most 1h, not 2d", "")]
    [InlineData("graph: {lanes: 13}", 5, 16, "graph.lanes", "13 lanes share 12 partitions", "write 12 or less")]
    [InlineData("graph: {entranceCapacity: 0}", 5, 27, "graph.entranceCapacity", "must be at least 1, not 0", "")]
    [InlineData("clock: recorded", 5, 8, "clock", "a recorded clock needs a recording", "simulator.replay.recording")]
    [InlineData("clock: atomic", 5, 8, "clock", "unknown clock 'atomic'", "system, recorded")]
    [InlineData("collector: {listen: https://127.0.0.1:8081}", 5, 21, "collector.listen", "the scheme 'https' cannot be used here",
        "http://127.0.0.1:8081")]
    [InlineData("collector: {listen: 127.0.0.1:8081}", 5, 21, "collector.listen", "", "http://")]
    [InlineData("collector: {listen: http://127.0.0.1:0}", 5, 21, "collector.listen", "port 0 cannot be connected to", "")]
    [InlineData("collector: {listen: http://127.0.0.1:29092}", 5, 21, "kafka.bootstrapServers",
        "port 29092 is also that of collector.listen", "")]
    [InlineData("gateway: {listen: https://127.0.0.1:8080}", 5, 19, "gateway.listen", "https needs a certificate", "a PEM file")]
    [InlineData("gateway: {certificate: a.pem}", 5, 24, "gateway.certificate", "a certificate is of no use without https", "https://")]
    [InlineData("gateway: {certificateKey: a.pem}", 5, 27, "gateway.certificateKey", "there is a key and no certificate", "")]
    [InlineData("gateway: {listen: http://127.0.0.1:8081}", 5, 19, "gateway.listen", "port 8081 is also that of collector.listen", "")]
    [InlineData("gateway: {tokens: [sesame-open, short]}", 5, 33, "gateway.tokens[1]", "this is not a token", "8 to 256 characters")]
    [InlineData("gateway: {tokens: [sesame-open, sesame-open]}", 5, 33, "gateway.tokens[1]", "token '(secret)' is in the list already", "")]
    [InlineData("gateway: {jwt: {secret: too-short, audience: a}}", 5, 25, "gateway.jwt.secret", "this is not a secret", "at least 32 characters")]
    [InlineData("gateway: {jwt: {audience: a}}", 5, 11, "gateway.jwt.secret", "this key is missing", "")]
    [InlineData("gateway: {origins: [https://a.example/b]}", 5, 21, "gateway.origins[0]", "'https://a.example/b' has more than scheme, host and port", "")]
    [InlineData("gateway: {origins: [example.com]}", 5, 21, "gateway.origins[0]", "'example.com' is not an origin", "https://")]
    [InlineData("gateway: {trustedProxies: [10.0.0.0/40]}", 5, 28, "gateway.trustedProxies[0]", "'10.0.0.0/40' is not an address or a network", "10.0.0.0/8")]
    [InlineData("gateway: {maxConnections: 0}", 5, 27, "gateway.maxConnections", "must be at least 1, not 0", "")]
    [InlineData("gateway: {defaultVenue: kraken}", 5, 25, "gateway.defaultVenue", "there is no venue kraken in this file", "acme")]
    [InlineData("simulator: {}", 5, 12, "simulator.symbols", "the simulator has neither symbols nor a replay", "BTC-USDT")]
    [InlineData("simulator: {replay: {}}", 5, 13, "simulator.replay.recording", "this key is missing", "add recording")]
    [InlineData("simulator: {replay: {recording: x, speed: -1}}", 5, 43, "simulator.replay.speed", "must be at least 0, not -1", "")]
    [InlineData("simulator: {replay: {recording: x, speed: 0.0001}}", 5, 43, "simulator.replay.speed",
        "must be 0 or at least 0.001, not 0.0001", "")]
    [InlineData("simulator: {replay: {recording: x, speed: 0}}\nclock: recorded", 5, 43, "simulator.replay.speed",
        "a recorded clock cannot run as fast as the connection takes it", "above 0")]
    [InlineData("simulator: {replay: {recording: x, speed: .inf}}", 5, 43, "simulator.replay.speed", "'.inf' is not a number", "")]
    [InlineData("simulator: {replay: {recording: x}, maxUnsentBytes: 5MB}", 5, 53, "simulator.maxUnsentBytes", "'5MB' is not a size",
        "MiB")]
    [InlineData("simulator: {replay: {recording: x}, maxUnsentBytes: 1}", 5, 53, "simulator.maxUnsentBytes",
        "must be at least 64KiB, not 1", "")]
    [InlineData("simulator: {symbols: {btc: {price: 1, priceStep: 1, quantityStep: 1}}}", 5, 23, "simulator.symbols.btc",
        "'btc' is no instrument", "BTC-USDT")]
    [InlineData("simulator: {symbols: {BTC-USDT: {price: 1e3, priceStep: 1, quantityStep: 1}}}", 5, 41, "simulator.symbols.BTC-USDT.price",
        "'1e3' is not a decimal number", "")]
    [InlineData("simulator: {symbols: {BTC-USDT: {price: 0, priceStep: 1, quantityStep: 1}}}", 5, 41, "simulator.symbols.BTC-USDT.price",
        "must be above 0, not 0", "")]
    [InlineData("simulator: {symbols: {BTC-USDT: {price: 1, priceStep: 2, quantityStep: 1}}}", 5, 41, "simulator.symbols.BTC-USDT.price",
        "the price 1 is not a multiple of its step 2", "")]
    [InlineData("simulator: {symbols: {BTC-USDT: {price: 99, priceStep: 1, quantityStep: 1}}}", 5, 41, "simulator.symbols.BTC-USDT.price",
        "the price 99 is less than 100 of its steps of 1", "a smaller priceStep")]
    [InlineData("simulator: {symbols: {BTC-USDT: {price: 10000001, priceStep: 1, quantityStep: 1}}}", 5, 41, "simulator.symbols.BTC-USDT.price",
        "must be at most 10000000, not 10000001", "")]
    [InlineData("simulator: {symbols: {BTC-USDT: {price: 1, priceStep: 0.000000001, quantityStep: 1}}}", 5, 55,
        "simulator.symbols.BTC-USDT.priceStep", "0.000000001 has more than 8 decimals", "")]
    [InlineData("simulator: {symbols: {BTC-USDT: {price: 100, priceStep: 1, quantityStep: 10001}}}", 5, 74,
        "simulator.symbols.BTC-USDT.quantityStep", "must be at most 10000, not 10001", "")]
    [InlineData("kafka: {topicPrefix: '${NOT_SET}'}", 5, 22, "kafka.topicPrefix", "the environment variable NOT_SET is not set",
        "${NOT_SET:-default}")]
    [InlineData("kafka: {topicPrefix: '${NOT SET}'}", 5, 22, "kafka.topicPrefix", "'NOT SET' is no variable", "")]
    [InlineData("kafka: {topicPrefix: '${OPEN'}", 5, 22, "kafka.topicPrefix", "'${OPEN' is no variable", "")]
    public void Read_WrongKey_IsReportedWhereItStands(string more, int line, int column, string key, string message, string hint) =>
        AssertOnly(TopologyText.ReadWith(more), line, column, key, message, hint);

    [Theory]
    [InlineData("chanels: [trade]", 5, 5, "chanels", "unknown key 'chanels'", "did you mean 'channels'")]
    [InlineData("channels: [trade, quote, trad]", 5, 30, "channels[2]", "unknown channel 'trad'",
        "did you mean 'trade'? (trade, quote, book, partialBook, venueCandle)")]
    [InlineData("channels: [trade, mark]", 5, 23, "channels[1]", "acme has no channel mark", "choose one of trade, quote, book, ")]
    [InlineData("channels: [partialBook, trade, book]", 5, 36, "channels[2]", "book and partialBook exclude each other", "keep one")]
    [InlineData("instrumentRefresh: 1s", 5, 24, "instrumentRefresh", "must be at least 10s, not 1s", "")]
    [InlineData("channels: [trade, trade]", 5, 23, "channels[1]", "channel 'trade' is in the list already", "")]
    [InlineData("tradeSource: trades", 5, 18, "tradeSource", "unknown trade source 'trades'", "did you mean 'trade'")]
    [InlineData("venueCandleIntervals: [1m, 5m]", 5, 32, "venueCandleIntervals[1]", "acme has no candles of 5m", "1m, 1h")]
    [InlineData("websocket: {reconnectDelay: 2s, maxReconnectDelay: 1s}", 5, 56, "websocket.maxReconnectDelay",
        "1s is shorter than reconnectDelay, 2s", "2s or more")]
    [InlineData("websocket: {reconnectDelay: 10m}", 5, 33, "websocket.maxReconnectDelay", "5m is shorter than reconnectDelay, 10m", "")]
    [InlineData("websocket: {maxReconnectAttempts: -2}", 5, 39, "websocket.maxReconnectAttempts", "must be at least -1, not -2", "")]
    [InlineData("websocket: {reconnectDelay: 0s}", 5, 33, "websocket.reconnectDelay", "must be at least 1ms, not 0s", "")]
    [InlineData("websocket: {maxFrameBytes: 257MiB}", 5, 32, "websocket.maxFrameBytes", "must be at most 256MiB, not 257MiB", "")]
    [InlineData("pool: {maxStreamsPerConnection: 1001}", 5, 37, "pool.maxStreamsPerConnection",
        "acme allows 1000 streams per connection, not 1001", "")]
    [InlineData("pool: {maxMessagesPerSecond: 5}", 5, 34, "pool.maxMessagesPerSecond", "acme allows 4 messages per second, not 5", "")]
    public void Read_WrongKeyOfAVenue_IsReportedWhereItStands(string keys, int line, int column, string key, string message, string hint) =>
        AssertOnly(TopologyText.ReadVenue(keys), line, column, $"venues.acme.{key}", message, hint);

    [Theory]
    [InlineData("{webSocket: http://h:1}", "[BTC-USDT]", 3, 28, "endpoints.webSocket", "the scheme 'http' cannot be used here",
        "ws:// or wss://h:1")]
    [InlineData("{webSocket: ws://h:1/ws}", "[BTC-USDT]", 3, 28, "endpoints.webSocket", "'ws://h:1/ws' has more than host and port",
        "ws://h:1")]
    [InlineData("{}", "[BTC-USDT]", 3, 5, "endpoints.webSocket", "this key is missing", "WebSocket address")]
    [InlineData("{webSocket: ws://h:1}", "[]", 4, 18, "instruments", "the list needs at least 1 instrument", "")]
    [InlineData("{webSocket: ws://h:1}", "[BTC USDT]", 4, 19, "instruments[0]", "'BTC USDT' is not an instrument", "BTC-USDT")]
    [InlineData("{webSocket: ws://h:1}", "[BTCXYZ]", 4, 19, "instruments[0]", "BTCXYZ does not say where its quote currency begins", "BTC-USDT")]
    [InlineData("{webSocket: ws://h:1}", "['*-USDT']", 4, 19, "instruments[0]", "which are *-USDT is known from the venue's list alone", "endpoints.rest")]
    [InlineData("{webSocket: ws://h:1}", "[*-USDT]", 4, 19, "", "there is no anchor '&-USDT' above", "in quotes")]
    [InlineData("{webSocket: ws://h:1}", "[{top: 5}]", 4, 19, "instruments[0]", "which are top 5 is known from the venue's list alone", "endpoints.rest")]
    [InlineData("{webSocket: ws://h:1}", "[{top: 0}]", 4, 25, "instruments[0].top", "must be at least 1, not 0", "")]
    [InlineData("{webSocket: ws://h:1}", "[{quote: USDT}]", 4, 19, "instruments[0].top", "this key is missing", "add top")]
    [InlineData("{webSocket: ws://h:1}", "[{name: BTC-USDT, legs: 3}]", 4, 42, "instruments[0].legs", "must be at most 2, not 3", "")]
    [InlineData("{webSocket: ws://h:1}", "[{name: BTC-USDT, leg: 2}]", 4, 36, "instruments[0].leg", "unknown key 'leg'", "did you mean 'legs'?")]
    [InlineData("{webSocket: ws://h:1, rest: http://h:2}", "['*-USDT', {name: '*-USDT', legs: 2}]", 4, 29, "instruments[1]",
        "*-USDT is in the list already, with other legs", "it is [0] too")]
    [InlineData("{webSocket: ws://h:1}", "[{top: 5, quotes: USDT}]", 4, 28, "instruments[0].quotes", "unknown key 'quotes'", "did you mean 'quote'?")]
    [InlineData("{webSocket: ws://h:1}", "[BTC-USDT, btcusdt]", 4, 29, "instruments[1]", "btcusdt and BTC-USDT are both BTCUSDT at acme", "")]
    [InlineData("{webSocket: ws://h:1, rest: ws://h:2}", "[BTC-USDT]", 3, 44, "endpoints.rest", "the scheme 'ws' cannot be used here", "http:// or https://h:2")]
    [InlineData("{webSocket: ws://h:1}", "[A-B, C-D, A-B]", 4, 29, "instruments[2]", "instrument 'A-B' is in the list already", "[0]")]
    [InlineData("{webSocket: ws://h:1}", "[BTC-USDT, BTCU-SDT]", 4, 29, "instruments[1]",
        "BTCU-SDT and BTC-USDT are both BTCUSDT at acme", "")]
    [InlineData("{webSocket: ws://h:1}", "[BTC-USDT-PERP]", 4, 19, "instruments[0]", "acme has no BTC-USDT-PERP", "")]
    public void Read_WrongVenue_IsReportedWhereItStands(
        string endpoints, string instruments, int line, int column, string key, string message, string hint) =>
        AssertOnly(
            TopologyText.Read($"venues:\n  acme:\n    endpoints: {endpoints}\n    instruments: {instruments}\n"),
            line, column, key.Length == 0 ? "" : $"venues.acme.{key}", message, hint);

    [Theory]
    [InlineData("apex-futures", "{webSocket: ws://h:1, rest: http://h:2}", "[BTC-USDT]", "endpoints.rest", "apex-futures has no REST interface", "remove it")]
    [InlineData("apex-futures", "{webSocket: ws://h:1}", "[{top: 5}]", "instruments[0]", "which are top 5 is known", "name the instruments")]
    [InlineData("apex-futures", "{webSocket: ws://h:1}", "[BINANCE:BTCUSDT]", "instruments[0]", "apex-futures has no BINANCE:BTCUSDT", "")]
    [InlineData("chain", "{webSocket: ws://h:1}", "[BTC-USDT]", "instruments[0]", "'BTC-USDT' is not a mint address", "base58")]
    [InlineData("chain", "{webSocket: ws://h:1}", "[{top: 5}]", "instruments[0]", "this is a section, not one value", "a mint address")]
    [InlineData("chain", "{webSocket: ws://h:1}", "['*']\n    tradeSource: all", "tradeSource", "unknown key 'tradeSource'", "")]
    [InlineData("chain", "{webSocket: ws://h:1}", "['*']\n    channels: [trade]", "channels[0]", "chain has no channel trade", "price")]
    public void Read_WhatAnotherVenueHasNot_IsReported(
        string venue, string endpoints, string instruments, string key, string message, string hint)
    {
        var result = TopologyText.Read($"venues:\n  {venue}:\n    endpoints: {endpoints}\n    instruments: {instruments}\n");

        var error = Assert.Single(result.Errors);
        Assert.Equal($"venues.{venue}.{key}", error.Key);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, 1, "", "the file is empty", "local.yaml")]
    [InlineData("# nothing\n", 1, 1, "", "the file is empty", "")]
    [InlineData("---\n", 1, 1, "", "the file is empty", "")]
    [InlineData("venues", 1, 1, "", "this must be a section of keys", "")]
    [InlineData("clock: system", 1, 1, "venues", "this key is missing", "add venues")]
    [InlineData("venues: {}", 1, 9, "venues", "there must be at least 1 venue", "acme")]
    [InlineData("venues: {acne: {}}", 1, 10, "venues.acne", "unknown venue 'acne'", "did you mean 'acme'?")]
    [InlineData("clock: system\nvenues: [acme", 2, 14, "", "", "the [ of line 2, column 9")]
    [InlineData("clock: system\nvenues: [acme\n\n", 2, 14, "", "", "the [ of line 2, column 9")]
    [InlineData("a: {b: 1\nc: 2\n", 1, 6, "", "what follows is not YAML", "the { of line 1, column 4")]
    [InlineData("clock: system\n\tvenues: x", 2, 1, "", "", "")]
    [InlineData("a: 'b", 1, 4, "", "", "")]
    [InlineData("a: b\n---\nc: d", 2, 1, "", "a second document starts here", "one document")]
    [InlineData("a: *b", 1, 4, "", "there is no anchor '&b' above", "")]
    [InlineData("a: &x [*x]", 1, 8, "", "the alias '*x' lies inside what it stands for", "")]
    [InlineData("a: !!binary aGk=", 1, 4, "", "the tag 'tag:yaml.org,2002:binary' has no meaning here", "remove it")]
    [InlineData("? [a]\n: b", 1, 3, "", "a key must be a word", "")]
    public void Read_NoTopologyAtAll_IsReportedWhereItStops(string text, int line, int column, string key, string message, string hint) =>
        AssertOnly(TopologyText.Read(text), line, column, key, message, hint);

    [Fact]
    public void Read_ManyMistakes_AreAllReportedInOrderOfPlace()
    {
        var result = TopologyText.Read("""
            clock: sundial
            kafka:
              partitions: 0
              topic: md
            venues:
              acme:
                endpoints: {webSocket: http://h:1}
                channels: [trade, trad]
                pool: {batchSize: none}
            candles:
              live: [7m]
            """);

        Assert.Equal(
            ["1 clock", "3 kafka.partitions", "4 kafka.topic", "6 venues.acme.instruments", "7 venues.acme.endpoints.webSocket",
             "8 venues.acme.channels[1]", "9 venues.acme.pool.batchSize", "11 candles.live[0]"],
            result.Errors.Select(error => $"{error.Line} {error.Key}"));
        Assert.Null(result.File);
    }

    [Fact]
    public void Read_SymbolTheSimulatorLacks_IsReportedAtTheInstrument()
    {
        var result = TopologyText.Read("""
            venues:
              acme:
                endpoints: {webSocket: ws://127.0.0.1:9443}
                instruments: [BTC-USDT, ETH-USDT]
            simulator: {symbols: {BTC-USDT: {price: 100, priceStep: 1, quantityStep: 1}}}
            """);

        AssertOnly(result, 4, 29, "venues.acme.instruments[1]", "the simulator has no ETH-USDT", "simulator.symbols");
    }

    [Fact]
    public void Read_BadServersInTheEnvironment_NamesTheVariable()
    {
        var result = TopologyText.Read(TopologyText.Minimal, new() { ["KAFKA_BOOTSTRAP_SERVERS"] = "nowhere" });

        AssertOnly(result, 0, 0, "kafka.bootstrapServers", "'nowhere' is not a broker's address", "KAFKA_BOOTSTRAP_SERVERS");
    }

    [Fact]
    public void ToString_IsOneLineThatEditorsUnderstand()
    {
        var error = Assert.Single(TopologyText.ReadVenue("channels: [trade, quote, trad]").Errors);

        Assert.Equal(
            "t.yaml:5:30: venues.acme.channels[2]: unknown channel 'trad' — did you mean 'trade'? (trade, quote, book, partialBook, venueCandle)",
            error.ToString());
    }

    [Theory]
    [InlineData("/nowhere/at/all.yaml", "file not found")]
    [InlineData("/tmp", "the file cannot be read")]
    [InlineData("", "the file cannot be read")]
    public void ReadFile_NoSuchFile_SaysSo(string path, string message)
    {
        var error = Assert.Single(new TopologyReader([TopologyText.Acme], _ => null).ReadFile(path).Errors);

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, error.Line);
    }

    [Fact]
    public void ReadFile_TooLargeOrNotText_SaysSo()
    {
        using var large = new TemporaryFile(new byte[TopologyReader.MaxFileBytes + 1]);
        using var binary = new TemporaryFile([0x61, 0xFF, 0xFE]);
        var reader = new TopologyReader([TopologyText.Acme], _ => null);

        Assert.Equal("the file is larger than 1 MiB", Assert.Single(reader.ReadFile(large.Path).Errors).Message);
        Assert.Equal("the file is not UTF-8 text", Assert.Single(reader.ReadFile(binary.Path).Errors).Message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: &a\n")]
    [InlineData("\"")]
    [InlineData("a\n")]
    [InlineData("&x ")]
    public void Read_AMegabyteOfNonsense_IsRefusedSoon(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, TopologyReader.MaxFileBytes / unit.Length));
        var clock = Stopwatch.StartNew();

        Assert.NotEmpty(TopologyText.Read(text).Errors);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"took {clock.Elapsed}");
    }

    [Fact]
    public void Read_AliasBomb_IsRefused()
    {
        var lines = Enumerable.Range(1, 30).Select(i =>
            $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat(i == 1 ? "x" : $"*a{i - 1}", 9))}]");

        var error = Assert.Single(TopologyText.Read(string.Join('\n', lines)).Errors);

        Assert.Contains("unfolds to more than", error.Message, StringComparison.Ordinal);
    }

    private static void AssertOnly(TopologyResult result, int line, int column, string key, string message, string hint)
    {
        var error = Assert.Single(result.Errors);
        Assert.Equal((line, column, key), (error.Line, error.Column, error.Key));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        Assert.Equal("t.yaml", error.File);
        Assert.Null(result.File);
    }
}
