using System.Text.Json.Nodes;
using Pipeline.Core.Audit;
using Pipeline.Core.Books;
using Pipeline.Core.Candles;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Graph;
using Pipeline.Core.Sequencing;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Tests.Topology;

/// <summary>The files under <c>topology/</c>. With UPDATE_SCHEMA=1 the made ones are written anew instead of compared.</summary>
public sealed class TopologyFilesTests
{
    private const string TableStart = "<!-- keys: made by the tests -->\n";
    private const string TableEnd = "<!-- /keys -->\n";

    private const string ComposeDescription = """
        # local.yaml in containers, made from it by the tests (UPDATE_SCHEMA=1): the simulator has a machine of its own there. Brokers and addresses
        # to listen on come from the environment that docker/compose.yaml sets. Of no use to 'pipeline up'.

        """;

    private static readonly bool IsUpdate = Environment.GetEnvironmentVariable("UPDATE_SCHEMA") == "1";

    public static TheoryData<string> Examples =>
        [.. Directory.GetFiles(PathOf(""), "*.yaml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    internal static string PathOf(string file)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Pipeline.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Pipeline.sln above the tests");
        }

        return Path.Combine(folder, "topology", file);
    }

    [Fact]
    public void Schema_IsTheReadersOwn() => AssertSame("topology.schema.json", TopologySchema.ToJson(KnownVenues.All));

    [Fact]
    public void Reference_IsTheReadersOwn()
    {
        var text = File.ReadAllText(PathOf("README.md"));
        var start = text.IndexOf(TableStart, StringComparison.Ordinal) + TableStart.Length;
        var end = text.IndexOf(TableEnd, StringComparison.Ordinal);

        AssertSame("README.md", text[..start] + TopologyReference.ToMarkdown(KnownVenues.All) + text[end..]);
    }

    [Fact]
    public void Compose_IsLocalWithTheSimulatorsName()
    {
        var local = File.ReadAllText(PathOf("local.yaml"));
        var description = local.IndexOf("# The whole stack", StringComparison.Ordinal);
        var body = local.IndexOf("\nkafka:", StringComparison.Ordinal);
        var compose = local[..description] + ComposeDescription + string.Join('\n', local[body..].Split('\n').Select(Rename));

        AssertSame("compose.yaml", compose);

        static string Rename(string line) =>
            line.Contains("endpoints:", StringComparison.Ordinal) ? line.Replace("127.0.0.1", "simulator", StringComparison.Ordinal) : line;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_IsAValidTopology(string file)
    {
        var result = new TopologyReader(KnownVenues.All, _ => null).ReadFile(PathOf(file));

        Assert.Empty(result.Errors);
        Assert.StartsWith("# yaml-language-server: $schema=topology.schema.json\n", File.ReadAllText(PathOf(file)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_SayWhatTheyPromise()
    {
        var reader = new TopologyReader(KnownVenues.All, _ => null);
        var local = reader.ReadFile(PathOf("local.yaml")).Require();
        var recorded = reader.ReadFile(PathOf("recorded.yaml")).Require();
        var live = reader.ReadFile(PathOf("live.yaml")).Require();

        Assert.Equal(["binance", "binance-futures", "okx", "bybit", "solana"], local.Venues.Select(venue => venue.Name));
        Assert.Equal(
            [StreamChannel.Trade, StreamChannel.Quote, StreamChannel.Book, StreamChannel.VenueCandle, StreamChannel.Ticker],
            local.Venues[0].Channels);
        Assert.Equal(["BTC-USDT", "ETH-USDT", "SOL-USDT"], local.Venues[0].Instruments.Take(3).Select(choice => choice.Name));
        Assert.Equal(ClockMode.Recorded, recorded.Clock);
        Assert.Equal(new ReplayOptions { Recording = "binance-spot_hft_btcusdt_20230405", Speed = 10 }, recorded.Simulator!.Replay);
        Assert.Null(live.Simulator);
        Assert.Equal(["binance", "binance-futures", "okx"], live.Venues.Select(venue => venue.Name));
        Assert.All(live.Venues, venue => Assert.Equal("wss", venue.WebSocketEndpoint.Scheme));
    }

    // The schema as checked in, held against the records by hand: the reader's own keys are not asked here.
    [Fact]
    public void SchemaDefaults_AreThoseOfTheRecords()
    {
        var venue = new VenueOptions { Name = "x", WebSocketEndpoint = new Uri("ws://x"), Instruments = [] };
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        void Add(string key, object value) => expected.Add(key, Write(value));
        var (kafka, candles, graph, simulator) = (new KafkaOptions(), new CandleOptions(), new GraphOptions(), new SimulatorOptions());
        Add("clock", new TopologyFile().Clock);
        Add("kafka.bootstrapServers", kafka.BootstrapServers);
        Add("kafka.topicPrefix", kafka.TopicPrefix);
        Add("kafka.partitions", kafka.Partitions);
        Add("kafka.createTopics", kafka.CreateTopics);
        Add("kafka.embedded", kafka.Embedded);
        Add("kafka.raw", kafka.Raw);
        Add("kafka.format", kafka.Format);
        Add("venues.binance.channels", venue.Channels);
        Add("venues.binance.tradeSource", KnownVenues.Adapter("binance").TradeSources[0]);
        Add("venues.binance.instrumentRefresh", venue.InstrumentRefresh);
        Add("venues.binance.venueCandleIntervals", venue.VenueCandleIntervals);
        Add("venues.binance.websocket.autoReconnect", venue.WebSocket.AutoReconnect);
        Add("venues.binance.websocket.maxReconnectAttempts", venue.WebSocket.MaxReconnectAttempts);
        Add("venues.binance.websocket.reconnectDelay", venue.WebSocket.ReconnectDelay);
        Add("venues.binance.websocket.maxReconnectDelay", venue.WebSocket.MaxReconnectDelay);
        Add("venues.binance.websocket.backoffMultiplier", venue.WebSocket.BackoffMultiplier);
        Add("venues.binance.websocket.connectTimeout", venue.WebSocket.ConnectTimeout);
        Add("venues.binance.websocket.maxConnectionAge", venue.WebSocket.MaxConnectionAge);
        Add("venues.binance.websocket.overlapTimeout", venue.WebSocket.OverlapTimeout);
        Add("venues.binance.websocket.replacementTimeout", venue.WebSocket.ReplacementTimeout);
        Add("venues.binance.websocket.stallTimeout", venue.WebSocket.StallTimeout);
        Add("venues.binance.websocket.streamSilence", venue.WebSocket.StreamSilence);
        Add("venues.binance.websocket.idleCeiling", venue.WebSocket.IdleCeiling);
        Add("venues.binance.websocket.healthCheckInterval", venue.WebSocket.HealthCheckInterval);
        Add("venues.binance.websocket.pauseLimit", venue.WebSocket.PauseLimit);
        Add("venues.binance.websocket.compression", venue.WebSocket.Compression);
        Add("venues.binance.websocket.maxFrameBytes", venue.WebSocket.MaxFrameBytes);
        Add("venues.binance.websocket.receiveBufferBytes", venue.WebSocket.ReceiveBufferBytes);
        Add("venues.binance.legs", venue.Legs);
        Add("venues.binance.pool.cleanupPeriod", venue.Pool.CleanupPeriod);
        Add("venues.binance.pool.batchSize", venue.Pool.BatchSize);
        Add("venues.binance.pool.batchDelay", venue.Pool.BatchDelay);
        Add("candles.intervals", candles.Intervals);
        Add("candles.live", candles.Live);
        Add("candles.updateInterval", candles.UpdateInterval);
        Add("candles.longUpdateInterval", candles.LongUpdateInterval);
        Add("candles.grace", candles.Grace);
        Add("candles.staleGrace", candles.StaleGrace);
        Add("candles.allowedLateness", candles.AllowedLateness);
        Add("candles.empty", candles.Empty);

        // An interval is spelt like a duration, and read back here as one.
        Add("candles.carryFrom", TimeSpan.FromMicroseconds(candles.CarryFrom.Microseconds));
        Add("candles.maxCarry", candles.MaxCarry);
        Add("candles.enabled", candles.Service.Enabled);
        Add("candles.listen", candles.Service.Listen!.OriginalString);
        Add("candles.connectionTimeout", candles.Service.ConnectionTimeout);
        Add("candles.maxSubscriptionsPerClient", candles.Service.MaxSubscriptionsPerClient);
        Add("candles.historyDataLimit", candles.Service.HistoryDataLimit);
        Add("candles.pingInterval", candles.Service.PingInterval);
        Add("candles.pingTimeout", candles.Service.PingTimeout);
        Add("candles.backfill", candles.Backfill);
        Add("books.depth", new BookOptions().Depth);
        Add("books.snapshotInterval", new BookOptions().SnapshotInterval);
        var repair = new RepairOptions();
        Add("repair.hold", repair.Hold);
        Add("repair.maxHeld", repair.MaxHeld);
        Add("repair.maxAge", repair.MaxAge);
        Add("repair.parallelRequests", repair.ParallelRequests);
        Add("repair.pageSize", repair.PageSize);
        Add("repair.minBackoff", repair.MinBackoff);
        Add("repair.maxBackoff", repair.MaxBackoff);
        Add("repair.requestTimeout", repair.RequestTimeout);
        Add("displayFilter.enabled", new DisplayFilterOptions().Enabled);
        Add("displayFilter.threshold", new DisplayFilterOptions().Threshold);
        var restart = new RestartOptions();
        Add("restart.checkpointInterval", restart.CheckpointInterval);
        Add("restart.checkpointTrades", restart.CheckpointTrades);
        Add("restart.leaseTimeout", restart.LeaseTimeout);
        Add("restart.settle", restart.Settle);
        Add("restart.lookback", restart.Lookback);
        Add("restart.groupSession", restart.GroupSession);
        Add("restart.prepareTimeout", restart.PrepareTimeout);
        Add("restart.handOverTimeout", restart.HandOverTimeout);
        Add("audit.enabled", new AuditOptions().Enabled);
        Add("audit.interval", TimeSpan.FromMicroseconds(new AuditOptions().Interval.Microseconds));
        Add("audit.share", new AuditOptions().Share);
        Add("audit.delay", new AuditOptions().Delay);
        Add("audit.patience", new AuditOptions().Patience);
        Add("metrics.interval", new MetricsOptions().Interval);
        Add("metrics.traceRatio", new MetricsOptions().TraceRatio);
        Add("log.format", new LogOptions().Format);
        var record = new RecordOptions();
        Add("record.enabled", record.Enabled);
        Add("record.to", record.To);
        Add("record.holds", record.Holds);
        Add("record.rotateSize", record.RotateSize);
        Add("record.rotateAge", record.RotateAge);
        Add("record.keep", record.Keep);
        Add("graph.entranceCapacity", graph.EntranceCapacity);
        Add("graph.blockCapacity", graph.BlockCapacity);
        Add("graph.lanes", graph.Lanes);
        Add("collector.name", new CollectorOptions().Name);
        Add("collector.listen", new CollectorOptions().Listen.OriginalString);
        var gateway = new GatewayOptions();
        Add("gateway.listen", gateway.Listen.OriginalString);
        Add("gateway.maxConnections", gateway.MaxConnections);
        Add("gateway.outboxLimit", gateway.OutboxLimit);
        Add("gateway.memoryLimit", gateway.MemoryLimit);
        Add("gateway.compression", gateway.Compression);
        Add("gateway.minor", gateway.Minor);
        Add("gateway.limits.maxMessageBytes", gateway.Limits.MaxMessageBytes);
        Add("gateway.limits.maxFilters", gateway.Limits.MaxFilters);
        Add("gateway.limits.maxStreams", gateway.Limits.MaxStreams);
        Add("gateway.limits.maxMessagesPerSecond", gateway.Limits.MaxMessagesPerSecond);
        Add("gateway.limits.maxMessagesPerSecondPerAddress", gateway.Limits.MaxMessagesPerSecondPerAddress);
        Add("gateway.limits.maxStreamsPerAddress", gateway.Limits.MaxStreamsPerAddress);
        Add("gateway.limits.maxConnectionsPerAddress", gateway.Limits.MaxConnectionsPerAddress);
        Add("gateway.limits.maxConnectsPerSecond", gateway.Limits.MaxConnectsPerSecond);
        Add("gateway.limits.maxRequestsPerSecond", gateway.Limits.MaxRequestsPerSecond);
        Add("gateway.limits.penalty", gateway.Limits.Penalty);
        Add("gateway.replayWindow.age", gateway.ReplayWindow.Age);
        Add("gateway.replayWindow.records", gateway.ReplayWindow.Records);
        var history = new HistoryOptions();
        Add("history.enabled", history.Enabled);
        Add("history.path", history.Path);
        Add("history.maxAge", history.MaxAge);
        Add("history.maxSize", history.MaxSize);
        Add("history.commitInterval", history.CommitInterval);
        Add("history.commitRecords", history.CommitRecords);
        Add("history.readers", history.Readers);
        Add("simulator.binanceSpotListen", simulator.BinanceSpotListen.OriginalString);
        Add("simulator.controlListen", simulator.ControlListen.OriginalString);
        Add("simulator.past", simulator.Past);
        Add("simulator.seed", simulator.Seed);
        Add("simulator.tradesPerSecond", simulator.TradesPerSecond);
        Add("simulator.quotesPerSecond", simulator.QuotesPerSecond);
        Add("simulator.load", simulator.Load);
        Add("simulator.maxUnsentBytes", simulator.MaxUnsentBytes);
        Add("simulator.replay.speed", new ReplayOptions { Recording = "x" }.Speed);

        var schema = JsonNode.Parse(File.ReadAllText(PathOf("topology.schema.json")))!.AsObject();
        var actual = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Collect(schema, "", actual);

        // One venue stands for all: their sections are made alike.
        foreach (var other in actual.Keys.Where(key => key.StartsWith("venues.", StringComparison.Ordinal) && !key.StartsWith("venues.binance.", StringComparison.Ordinal)).ToList())
        {
            actual.Remove(other);
        }

        Assert.Equal(expected, actual);
    }

    private static void Collect(JsonObject schema, string path, SortedDictionary<string, string> defaults)
    {
        if (schema["default"] is { } value)
        {
            defaults.Add(path, Read(value));
        }

        foreach (var (name, part) in schema["properties"]?.AsObject() ?? [])
        {
            Collect(part!.AsObject(), path.Length == 0 ? name : $"{path}.{name}", defaults);
        }
    }

    /// <summary>A default as the records have it: durations and sizes are turned back here in another way than they are written.</summary>
    private static string Read(JsonNode value)
    {
        if (value is JsonArray list)
        {
            return string.Join(' ', list.Select(item => (string)item!));
        }

        var text = value.ToString();
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        return (digits == 0 ? "" : text[digits..]) switch
        {
            "ms" => $"{TimeSpan.FromMilliseconds(int.Parse(text[..digits], null))}",
            "s" => $"{TimeSpan.FromSeconds(int.Parse(text[..digits], null))}",
            "m" => $"{TimeSpan.FromMinutes(int.Parse(text[..digits], null))}",
            "h" => $"{TimeSpan.FromHours(int.Parse(text[..digits], null))}",
            "d" => $"{TimeSpan.FromDays(int.Parse(text[..digits], null))}",
            "KiB" => $"{long.Parse(text[..digits], null) << 10}",
            "MiB" => $"{long.Parse(text[..digits], null) << 20}",
            "GiB" => $"{long.Parse(text[..digits], null) << 30}",
            _ => text,
        };
    }

    private static string Write(object value) => value switch
    {
        Enum word => Camel(word.ToString()),
        IEnumerable<StreamChannel> channels => string.Join(' ', channels.Select(channel => Camel(channel.ToString()))),
        IEnumerable<Pipeline.Core.Market.CandleInterval> intervals => string.Join(' ', intervals),
        bool flag => flag ? "true" : "false",
        _ => $"{value}",
    };

    private static string Camel(string word) => char.ToLowerInvariant(word[0]) + word[1..];

    private static void AssertSame(string file, string made)
    {
        if (IsUpdate)
        {
            File.WriteAllText(PathOf(file), made);
        }

        Assert.True(File.Exists(PathOf(file)) && File.ReadAllText(PathOf(file)) == made,
            $"topology/{file} is out of date: run with UPDATE_SCHEMA=1");
    }
}
