using Pipeline.Core.Diagnostics;

namespace Pipeline.Host.Collecting.Http;

/// <summary>A collector's figures in Prometheus' text format.</summary>
internal static class MetricsText
{
    public static string Of(PipelineMetrics metrics)
    {
        var text = new PrometheusText();
        text.Append(metrics, MetricOwner.Collector);
        return text.ToString();
    }
}
