using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Core.Diagnostics;
using Pipeline.Host.Collecting.Http;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Host.Collecting;

public sealed partial class MetricsTextTests : IDisposable
{
    private readonly PipelineMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Of_EverythingThereIs_IsValidAndHasTheFigures()
    {
        _metrics.FramesReceived("binance", 12, 3456);
        _metrics.Disconnected("binance", "closed \"1001\"\\\n");
        _metrics.AddLag("okx", () => -300, () => -250);
        _metrics.Streams("binance", "stale", 3);
        _metrics.AddTraffic("binance", () => 1200);
        _metrics.AddLeg("binance", "binance-1a");
        _metrics.QueueFull();
        _metrics.Books("binance", "valid", 2);
        _metrics.AddRestBudget("binance", "ip", () => 1, 10, () => 17, 6000);
        _metrics.AddConnections(() => [new("binance", "binance-1", IsRunning: true, Streams: 8, Confirmed: 7), new("binance", "binance-2", false, 3, 0)]);
        _metrics.AddProcess(new ProcessFigures(new TestTimeProvider()) { ReadMemory = () => 123_456_789, MemoryLimit = 1_000_000_000 });
        _metrics.Connected("binance", "initial");
        _metrics.Connected("binance", "network");
        _metrics.CandleRecords("okx", "final", 9);
        _metrics.CandleRecords("okx", "revised", 4);
        _metrics.AddStreamAge("binance", () => 1_500_000);
        _metrics.StageLatency("kafka_ack").Add(1_250, 0);
        _metrics.StageLatency("arrival", "binance").Add(-5, 0);

        var text = MetricsText.Of(_metrics);
        var samples = Validate(text);

        Assert.Equal(12, samples["pipeline_feed_frames_total{venue=\"binance\"}"]);
        Assert.Equal(3456, samples["pipeline_feed_bytes_total{venue=\"binance\"}"]);
        Assert.Equal(1, samples["pipeline_feed_disconnects_total{venue=\"binance\",reason=\"closed \\\"1001\\\"\\\\\\n\"}"]);
        Assert.Equal(-0.00025, samples["pipeline_feed_lag_seconds{venue=\"okx\",of=\"newest\"}"]);
        Assert.Equal(1, samples["pipeline_kafka_queue_full_total"]);
        Assert.Equal(2, samples["pipeline_books_held{venue=\"binance\",state=\"valid\"}"]);
        Assert.Equal(17, samples["pipeline_rest_weight_used{venue=\"binance\",budget=\"ip\"}"]);
        Assert.Equal(10, samples["pipeline_block_queue_capacity{block=\"requests binance ip\"}"]);
        Assert.Equal(7, samples["pipeline_connection_confirmed{venue=\"binance\",connection=\"binance-1\"}"]);
        Assert.Equal(3, samples["pipeline_streams{venue=\"binance\",state=\"stale\"}"]);
        Assert.Equal(123_456_789, samples["process_resident_memory_bytes"]);
        Assert.Equal(1_000_000_000, samples["pipeline_memory_limit_bytes"]);
        Assert.Equal(0, samples["pipeline_uptime_seconds"]);
        Assert.Equal(1, samples["pipeline_ws_connections{venue=\"binance\",state=\"open\"}"]);
        Assert.Equal(1, samples["pipeline_ws_connections{venue=\"binance\",state=\"closed\"}"]);
        Assert.Equal(1, samples["pipeline_ws_reconnects_total{venue=\"binance\",reason=\"network\"}"]);
        Assert.DoesNotContain("pipeline_ws_reconnects_total{venue=\"binance\",reason=\"initial\"}", samples.Keys);
        Assert.Equal(4, samples["pipeline_candle_revisions_total{venue=\"okx\"}"]);
        Assert.Equal(1.5, samples["pipeline_stream_age_seconds{venue=\"binance\"}"]);
        Assert.Equal(0.0003, samples["pipeline_clock_skew_seconds{venue=\"okx\"}"]);
        Assert.Equal(0, samples["pipeline_stage_latency_seconds_bucket{stage=\"kafka_ack\",le=\"0.001\"}"]);
        Assert.Equal(1, samples["pipeline_stage_latency_seconds_bucket{stage=\"kafka_ack\",le=\"0.0025\"}"]);
        Assert.Equal(0.00125, samples["pipeline_stage_latency_seconds_sum{stage=\"kafka_ack\"}"]);
        Assert.Equal(1, samples["pipeline_stage_negative_total{stage=\"arrival\",venue=\"binance\"}"]);
    }

    /// <summary>Whose a figure is stands where it is declared; here it is held against the names.</summary>
    [Fact]
    public void Of_NothingYet_HasTheCollectorsFamiliesAndNoneOfAGateway()
    {
        var told = FamilyLine().Matches(MetricsText.Of(_metrics)).Select(line => line.Groups[1].Value).ToHashSet();

        Assert.DoesNotContain(told, name => GatewayName().IsMatch(name));
        Assert.All(_metrics.Families, family => Assert.Equal(GatewayName().IsMatch(PrometheusText.NameOf(family)), family.Owner == MetricOwner.Gateway));
        var ours = _metrics.Families.Where(family => family.Owner != MetricOwner.Gateway && !family.IsHistogram).Select(PrometheusText.NameOf).ToHashSet();
        Assert.True(ours.Count > 80, $"{ours.Count} families");
        Assert.Subset(told, ours);
    }

    /// <summary>A family without a description would be told under a name that nobody looks for.</summary>
    [Fact]
    public void Snapshot_EverySample_HasAFamily()
    {
        _metrics.FramesReceived("binance", 1, 1);
        _metrics.AddLag("okx", () => 1, () => 1);
        _metrics.AddTraffic("binance", () => 1);
        _metrics.AddLeg("binance", "binance-1a");
        _metrics.AddRestBudget("binance", "ip", () => 1, 10, () => 17, 6000);
        var known = _metrics.Families.Select(family => family.Name).ToHashSet();

        Assert.All(_metrics.Snapshot(), sample => Assert.Contains(sample.Name, known));
        Assert.All(_metrics.Families, family => Assert.NotEmpty(family.Description));
    }

    /// <summary>
    /// The rules of the text format 0.0.4: HELP and TYPE once and before the samples of a family, families not interleaved, names and
    /// labels by their grammar, no sample twice, counters ending in <c>_total</c>, a line feed behind the last line.
    /// </summary>
    private static Dictionary<string, double> Validate(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var (samples, types, helps) = (new Dictionary<string, double>(), new Dictionary<string, string>(), new HashSet<string>());
        var current = "";
        foreach (var line in text[..^1].Split('\n'))
        {
            if (HelpLine().Match(line) is { Success: true } help)
            {
                Assert.True(helps.Add(help.Groups[1].Value), $"twice: {line}");
            }
            else if (TypeLine().Match(line) is { Success: true } type)
            {
                current = type.Groups[1].Value;
                Assert.Contains(current, helps);
                Assert.True(types.TryAdd(current, type.Groups[2].Value), $"twice: {line}");
                Assert.Equal(type.Groups[2].Value == "counter", current.EndsWith("_total", StringComparison.Ordinal));
            }
            else
            {
                var sample = SampleLine().Match(line);
                Assert.True(sample.Success, $"no sample: {line}");
                Assert.Equal(current, types[current] == "histogram" ? HistogramPart().Replace(sample.Groups[1].Value, "") : sample.Groups[1].Value);
                var key = line[..line.LastIndexOf(' ')];
                Assert.True(samples.TryAdd(key, double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture)), $"twice: {key}");
            }
        }

        return samples;
    }

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) \S.*$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("^# HELP ([^ ]+) ", RegexOptions.Multiline)]
    private static partial Regex FamilyLine();

    [GeneratedRegex("^pipeline_(gateway|history|kline)_")]
    private static partial Regex GatewayName();

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\\n]|\\[\\""n])*""(?:,[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\\n]|\\[\\""n])*"")*\})? (-?[0-9]+(?:\.[0-9]+)?)$")]
    private static partial Regex SampleLine();
}
