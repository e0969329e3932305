using Pipeline.Core.Diagnostics;

namespace Pipeline.Tests.Diagnostics;

public sealed class LatencyHistogramTests
{
    private readonly LatencyHistogram _histogram = new();

    [Fact]
    public void Empty_IsZero() => Assert.Equal((0L, 0.0, 0L), (_histogram.Count, _histogram.Mean, _histogram.Quantile(0.99)));

    [Fact]
    public void Add_FillsBucketsSumAndQuantiles()
    {
        foreach (var value in new long[] { -5, 100, 101, 2_000, 60_000_000 })
        {
            _histogram.Add(value, now: 1_000_000);
        }

        var (counts, sum) = _histogram.Read();
        Assert.Equal((5L, 60_002_201L), (_histogram.Count, sum));
        Assert.Equal((2L, 1L, 1L, 1L), (counts[0], counts[1], counts[4], counts[^1]));
        Assert.Equal(60_002_201 / 5.0, _histogram.Mean);
        Assert.InRange(_histogram.Quantile(0.5), 101, 114);
    }

    [Fact]
    public void Text_IsAHistogramOfSeconds()
    {
        _histogram.Add(90, 0);
        _histogram.Add(1_500_000, 0);
        var text = new PrometheusText();
        text.Append("x_seconds", "How long", _histogram);
        var lines = text.ToString().Split('\n');

        Assert.Equal(["# HELP x_seconds How long", "# TYPE x_seconds histogram", "x_seconds_bucket{le=\"0.0001\"} 1"], lines.Take(3));
        Assert.Equal(
            ["x_seconds_bucket{le=\"1\"} 1", "x_seconds_bucket{le=\"2.5\"} 2"], lines.Where(line => line.Contains("\"1\"", StringComparison.Ordinal) || line.Contains("\"2.5\"", StringComparison.Ordinal)));
        Assert.Equal(["x_seconds_bucket{le=\"+Inf\"} 2", "x_seconds_sum 1.50009", "x_seconds_count 2", ""], lines[^4..]);
    }
}
