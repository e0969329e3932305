using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Candles;
using static Pipeline.Gateway.Tests.Candles.CandleStack;

namespace Pipeline.Gateway.Tests.Candles;

public sealed class CandleMetricsTests
{
    [Fact]
    public async Task Metrics_TellClientsUpdatesErrorsAndTheStore()
    {
        await using var stack = new CandleStack();
        stack.Add(CandleRecord.At(0));
        stack.Add(CandleRecord.At(1));
        await stack.SettleAsync();
        for (var i = 0; i < 3; i++)
        {
            var (_, session) = stack.Connect($"c{i}");
            await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1"}""");
            await SendAsync(session, "subscribe", """{"symbol":"NO-SUCH","interval":"m1"}""");
        }

        stack.Add(CandleRecord.At(1, state: "revised", revision: 1));
        stack.Add(CandleRecord.At(2, state: "forming"));
        await stack.SettleAsync();

        // Stored and counted are two steps.
        await UntilAsync(() => Task.FromResult(stack.Writer.Figures is { Added: 2, Replaced: 1 }));
        using var metrics = new PipelineMetrics();
        CandleMetrics.Register(metrics, stack.Service);
        CandleMetrics.Register(metrics, stack.Service.History);
        CandleMetrics.Register(metrics, stack.Store!, stack.Writer);
        var text = new PrometheusText();
        text.Append(metrics, MetricOwner.Gateway);
        var lines = text.ToString().Split('\n');

        Assert.Superset(
            new HashSet<string>
            {
                "pipeline_kline_clients 3", "pipeline_kline_subscriptions 3", "pipeline_kline_rooms 1", "pipeline_kline_instruments 1",
                "pipeline_kline_updates_total 2", "pipeline_kline_data_total 6", "pipeline_kline_errors_total{code=\"INVALID_SYMBOL\"} 3",
                "pipeline_history_query_seconds_count 3", "pipeline_history_queries_refused_total 0",
                "pipeline_history_series 1", "pipeline_history_candles 2", "pipeline_history_written_total{outcome=\"added\"} 2",
                "pipeline_history_written_total{outcome=\"replaced\"} 1", "pipeline_history_removed_total{reason=\"age\"} 0",
                "# TYPE pipeline_history_commit_seconds histogram", "pipeline_history_state{state=\"running\"} 1",
            },
            lines.ToHashSet());
        Assert.Contains(lines, line => line.StartsWith("pipeline_history_bytes ", StringComparison.Ordinal) && line != "pipeline_history_bytes 0");
        var families = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).ToList();
        Assert.Equal(families.Count, families.Distinct().Count());
    }
}
