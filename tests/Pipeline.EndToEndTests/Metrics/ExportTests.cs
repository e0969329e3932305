using System.Text;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests.Metrics;

/// <summary>Figures and traces on their way to an OTLP receiver, and the log as JSON.</summary>
public sealed class ExportTests
{
    private const string Venue = """
        instruments: [BTC-USDT]
        channels: [trade]
        tradeSource: trade
        """;

    private const string Simulator = """
        tradesPerSecond: 20
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
        """;

    private readonly int _port = FreePort.Next();

    [Fact]
    public async Task FiguresAndTraces_OfBothProcesses_Arrive_AndATraceGoesThroughKafka()
    {
        await using var receiver = new OtlpReceiver();
        await using var stack = Make($"{{otlp: \"http://127.0.0.1:{receiver.Port}\", interval: 1s, traceRatio: 1}}");
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        await stack.StartGatewayAsync(_port);

        await Until.TrueAsync(() => receiver.Has("/v1/metrics", "pipeline-collector", "pipeline.feed.frames", "pipeline.stage.latency", "kafka_ack"));
        await Until.TrueAsync(() => receiver.Has("/v1/metrics", "pipeline-gateway", "pipeline.gateway.records"));
        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.trades");
        var ready = StackControl.Now;

        // What lay there before it is told to nobody, and is no part of a trace.
        reader.ReadUntil(all => all.Records.Count > 0 && ProducedTime(all.Records[^1]) > ready);
        var header = reader.Records[^1].Headers["traceparent"];
        var (trace, span) = (Convert.FromHexString(header.Split('-')[1]), Convert.FromHexString(header.Split('-')[2]));

        await Until.TrueAsync(() => receiver.Has("/v1/traces", trace, span, Utf8("pipeline-collector"), Utf8("collect"), Utf8("windowed")));
        await Until.TrueAsync(() => receiver.Has("/v1/traces", trace, span, Utf8("pipeline-gateway"), Utf8("messaging.kafka.offset")));
        await RefuseAsync(receiver, stack, collector);
    }

    [Fact]
    public async Task WithoutMetricsOtlp_NoRecordIsTraced()
    {
        await using var stack = Make("{}");
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.trades");
        reader.ReadUntil(all => all.Records.Count > 50);

        Assert.All(reader.Records, record => Assert.DoesNotContain("traceparent", record.Headers.Keys));
    }

    /// <summary>Every line is JSON, and collecting goes on without a word once it has begun.</summary>
    [Fact]
    public async Task LogAsJson_HasOnlyJsonLines_AndIsQuietInSteadyState()
    {
        await using var stack = Make("{}", "log: {format: json}");
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var began = StackControl.Now;
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.trades");
        reader.ReadUntil(all => all.Records.Count > 150);
        var before = collector.Lines.Count;
        reader.ReadUntil(all => all.Records.Count > 450);

        // A machine that holds everything up for seconds makes a silence, of which it may speak.
        var held = Machine.Held(began, StackControl.Now) > TimeSpan.FromSeconds(1);
        Assert.True(collector.Lines.Count == before || held, collector.Output);
        var lines = collector.Lines.Select(line => JsonNode.Parse(line)!).ToList();
        var opened = Assert.Single(lines, line => (string?)line["event"] == "ConnectionOpened");
        Assert.Equal((1000, "info", "collector", "binance-1"), ((int)opened["id"]!, (string)opened["level"]!, (string)opened["category"]!, (string)opened["fields"]!["Connection"]!));
        Assert.All(lines, line => Assert.NotEmpty((string)line["message"]!));
    }

    private static async Task RefuseAsync(OtlpReceiver receiver, LocalStack stack, PipelineProcess collector)
    {
        receiver.IsRefusing = true;
        await Until.TrueAsync(async () => await stack.CounterAsync("pipeline.export.failures", "metrics") >= 2);
        await Until.TrueAsync(() => collector.Output.Contains("metrics cannot be sent to", StringComparison.Ordinal));
        receiver.IsRefusing = false;
        await Until.TrueAsync(() => collector.Output.Contains("metrics are sent to", StringComparison.Ordinal), () => collector.Output);
        Assert.Equal(1, collector.Lines.Count(line => line.Contains("metrics cannot be sent to", StringComparison.Ordinal)));
    }

    private static long ProducedTime(TopicRecord record) => long.Parse(record.Headers["produced-us"], System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private LocalStack Make(string metrics, string more = "") => new(Venue, Simulator, more: $$"""
        gateway: {listen: "http://127.0.0.1:{{_port}}"}
        candles: {listen: "http://127.0.0.1:{{FreePort.Next()}}"}
        history: {path: "FOLDER/candles.db"}
        metrics: {{metrics}}
        {{more}}
        """);
}
