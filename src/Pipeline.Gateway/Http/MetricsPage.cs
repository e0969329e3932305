using Pipeline.Core.Diagnostics;

namespace Pipeline.Gateway.Http;

/// <summary>The gateway's figures in Prometheus' text format.</summary>
internal static class MetricsPage
{
    public static string Of(IGatewayFigures figures)
    {
        var text = new PrometheusText();
        text.Append(figures.Metrics, "pipeline.gateway.");
        text.Append(
            "pipeline_gateway_latency_seconds", "From a record's production to its being handed to clients", figures.Latency);
        text.Append(
            "pipeline_gateway_match_seconds", "One turn of records: finding their clients and handing them over", figures.MatchTime);
        var (stats, performance) = (figures.Stats, figures.Performance);
        Gauge(text, "pipeline_gateway_subscriptions", "Streams subscribed to, one for each client and stream", stats.TotalSubscriptions);
        Gauge(text, "pipeline_gateway_ready", "Whether it can serve", figures.IsReady ? 1 : 0);
        text.Begin("pipeline_uptime_seconds", "Age of the gateway", "gauge");
        text.Append("pipeline_uptime_seconds", Math.Round(figures.Uptime.TotalSeconds, 1));
        Gauge(text, "process_resident_memory_bytes", "Working set of the process", performance.Memory);
        return text.ToString();
    }

    private static void Gauge(PrometheusText text, string name, string help, long value)
    {
        text.Begin(name, help, "gauge");
        text.Append(name, value);
    }
}
