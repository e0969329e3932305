using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Core.Diagnostics;
using Pipeline.TestKit;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Tests.Diagnostics;

/// <summary>Board and rules against the metrics that the code declares: a name or label nobody has would be an empty panel, an alert that never fires.</summary>
public sealed partial class BoardAndRulesTests : IDisposable
{
    // What Prometheus itself makes, and what it puts on every series.
    private static readonly string[] Foreign = ["up", "ALERTS"];
    private static readonly string[] ForeignLabels = ["job", "instance", "le", "alertstate", "alertname"];

    private readonly PipelineMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Board_NamesOnlyMetricsAndLabelsThatThereAre()
    {
        var expressions = BoardExpressions();

        Assert.True(expressions.Count >= 35, $"{expressions.Count} expressions");
        AssertKnown(expressions, [.. Rules().Where(rule => rule.Record is not null).Select(rule => rule.Record!)]);
    }

    [Fact]
    public void Rules_NameOnlyMetricsAndLabelsThatThereAre()
    {
        var rules = Rules();

        Assert.Equal(17, rules.Count(rule => rule.Alert is not null));
        AssertKnown([.. rules.Select(rule => rule.Expression)], [.. rules.Where(rule => rule.Record is not null).Select(rule => rule.Record!)]);
    }

    [Fact]
    public void FirstPanel_AsksWhetherEveryStreamIsFresh()
    {
        using var board = JsonDocument.Parse(File.ReadAllText(PathOf("docker/grafana/dashboards/pipeline.json")));
        var panel = board.RootElement.GetProperty("panels").EnumerateArray().First();

        Assert.Equal("Is every stream fresh?", panel.GetProperty("title").GetString());
        Assert.Contains("pipeline_streams", panel.GetProperty("targets")[0].GetProperty("expr").GetString(), StringComparison.Ordinal);
        Assert.Equal((0, 0), (panel.GetProperty("gridPos").GetProperty("x").GetInt32(), panel.GetProperty("gridPos").GetProperty("y").GetInt32()));
    }

    [Fact]
    public void EveryAlert_HasSeveritySummaryActionAndAUnitTestThatItFires()
    {
        var tests = File.ReadAllText(PathOf("docker/prometheus/tests/pipeline.yml"));
        foreach (var rule in Rules().Where(rule => rule.Alert is not null))
        {
            Assert.Contains(rule.Severity, new[] { "warning", "critical" });
            Assert.True(rule.Annotations is { Count: 2 } texts && texts.ContainsKey("summary") && texts.ContainsKey("action"), rule.Alert);
            Assert.Matches($@"alertname: {rule.Alert}\s+exp_alerts:\s+- exp_labels", tests);
            Assert.Matches($@"alertname: {rule.Alert},? *\s*exp_alerts: \[\]", tests);
        }
    }

    [Theory]
    [InlineData("pipeline_streams{state=\"stale\"}", true)]
    [InlineData("rate(pipeline_stage_latency_seconds_bucket{stage=\"gateway\", le=\"1\"}[5m])", true)]
    [InlineData("pipeline_stream{state=\"stale\"}", false)]
    [InlineData("pipeline_streams{reason=\"stale\"}", false)]
    [InlineData("sum by (reason) (pipeline_streams)", false)]
    [InlineData("pipeline_stage_latency_seconds", false)]
    public void Check_FindsWhatIsNotThere(string expression, bool isKnown) => Assert.Equal(isKnown, Unknown(expression, []).Count == 0);

    private void AssertKnown(IReadOnlyList<string> expressions, string[] recorded) => Assert.All(expressions, expression => Assert.Empty(Unknown(expression, recorded)));

    /// <summary>Metrics and labels of an expression that nobody has.</summary>
    private List<string> Unknown(string expression, string[] recorded)
    {
        var known = Known();
        var bare = Text().Replace(expression, "\"\"");
        var labels = Matchers().Matches(bare).SelectMany(group => LabelName().Matches(group.Value).Select(label => label.Groups[1].Value)).ToList();
        var grouped = Grouping().Matches(bare).SelectMany(group => group.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        labels.AddRange(grouped);
        var names = MetricName().Matches(Grouping().Replace(Matchers().Replace(bare, ""), "")).Select(match => match.Value)
            .Where(name => name.Contains('_', StringComparison.Ordinal) && !name.StartsWith("histogram_", StringComparison.Ordinal)
                && !name.StartsWith("label_", StringComparison.Ordinal)).Distinct().ToList();
        var ours = names.Where(known.ContainsKey).SelectMany(name => known[name]).Concat(ForeignLabels).ToHashSet();
        var isRecorded = names.Any(recorded.Contains) || names.Count == 0;
        return
        [
            .. names.Where(name => !known.ContainsKey(name) && !recorded.Contains(name) && !Foreign.Contains(name)),
            .. labels.Where(label => !ours.Contains(label) && !isRecorded),
        ];
    }

    /// <summary>Series by name, with their labels.</summary>
    private Dictionary<string, string[]> Known()
    {
        var known = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var family in _metrics.Families)
        {
            string[] parts = family.IsHistogram ? ["_bucket", "_sum", "_count"] : [""];
            foreach (var part in parts)
            {
                known.Add(PrometheusText.NameOf(family) + part, [.. new[] { family.TagName, family.DetailName }.Where(name => name.Length > 0)]);
            }
        }

        return known;
    }

    private static List<string> BoardExpressions()
    {
        using var board = JsonDocument.Parse(File.ReadAllText(PathOf("docker/grafana/dashboards/pipeline.json")));
        return
        [
            .. from panel in board.RootElement.GetProperty("panels").EnumerateArray()
               where panel.TryGetProperty("targets", out _)
               from target in panel.GetProperty("targets").EnumerateArray()
               select target.GetProperty("expr").GetString()!,
            .. from variable in board.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
               select variable.GetProperty("query").GetString()!.Split(',')[0].Replace("label_values(", "", StringComparison.Ordinal),
        ];
    }

    private static List<RuleText> Rules()
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(PathOf("docker/prometheus/rules/pipeline.yml"));
        yaml.Load(reader);
        var rules = new List<RuleText>();
        foreach (var rule in ((YamlMappingNode)yaml.Documents[0].RootNode)["groups"].AllNodes.OfType<YamlMappingNode>().Where(node => node.Children.ContainsKey("expr")))
        {
            string? Get(string key) => rule.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;
            var annotations = rule.Children.TryGetValue("annotations", out var texts)
                ? ((YamlMappingNode)texts).ToDictionary(text => ((YamlScalarNode)text.Key).Value!, text => ((YamlScalarNode)text.Value).Value!)
                : [];
            var severity = rule.Children.TryGetValue("labels", out var labels) ? ((YamlScalarNode)labels["severity"]).Value! : "";
            rules.Add(new RuleText(Get("alert"), Get("record"), Get("expr")!, severity, annotations));
        }

        return rules;
    }

    private static string PathOf(string path) => Path.Combine(Fixture.RepositoryRoot, path);

    private sealed record RuleText(string? Alert, string? Record, string Expression, string Severity, Dictionary<string, string> Annotations);

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"\b(?:by|on|without|ignoring)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"[a-zA-Z_:][\w:]*")]
    private static partial Regex MetricName();
}
