using Pipeline.Core.Diagnostics;
using Pipeline.TestKit;

namespace Pipeline.Tests.Diagnostics;

public sealed class MetricsTableTests
{
    private const string Heading = "| Metric | Labels | What |";

    [Fact]
    public void Readme_HasEveryMetric()
    {
        var path = Path.Combine(Fixture.RepositoryRoot, "src", "Pipeline.Core", "Diagnostics", "README.md");
        using var metrics = new PipelineMetrics();
        var rows = metrics.Families.OrderBy(PrometheusText.NameOf, StringComparer.Ordinal).Select(Row).ToList();
        var lines = File.ReadAllLines(path);
        var table = Array.IndexOf(lines, Heading) + 2;
        if (Environment.GetEnvironmentVariable("UPDATE_METRICS") == "1")
        {
            File.WriteAllLines(path, [.. lines[..table], .. rows]);
        }

        Assert.Equal(rows, File.ReadAllLines(path)[table..]);
    }

    private static string Row(MetricFamily family)
    {
        var labels = string.Join(", ", new[] { family.TagName, family.DetailName }.Where(name => name.Length > 0).Select(name => $"`{name}`"));
        return $"| `{PrometheusText.NameOf(family)}` | {labels} | {family.Description} |";
    }
}
