using Pipeline.Core.Diagnostics;

namespace Pipeline.Gateway.Http;

/// <summary>The gateway's figures in Prometheus' text format.</summary>
internal static class MetricsPage
{
    public static string Of(IGatewayFigures figures)
    {
        var text = new PrometheusText();
        text.Append(figures.Metrics, MetricOwner.Gateway);
        foreach (var meter in figures.Meters)
        {
            text.Append(meter);
        }

        return text.ToString();
    }
}
