using System.Diagnostics;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Kafka.Sink;
using Pipeline.Tests.Diagnostics;

namespace Pipeline.Tests.Kafka;

[Collection(nameof(TracingCollection))]
public sealed class TraceHeaderTests
{
    [Fact]
    public async Task Record_OfATracedBatch_BearsItsSpan_AndOthersBearNone()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var harness = BrokerHarness.Start();
        await using var sink = await harness.StartSinkAsync();
        var traced = new MarketBatch { Connection = "binance-1" };
        traced.Add(MarketSamples.Trade());
        new BatchTracer(1).Begin(traced, "binance", 0);
        var span = traced.Trace!.Id;
        await sink.WriteAsync(traced, harness.Cancellation);
        var plain = new MarketBatch { Connection = "binance-1" };
        plain.Add(MarketSamples.Trade());
        await sink.WriteAsync(plain, harness.Cancellation);
        await sink.FlushAsync(harness.Cancellation);

        var records = await harness.ReadAllAsync("md.trades");
        Assert.Equal([span, null], records.Select(record => record.Header(HeaderNames.TraceParent)));
        Assert.All(records, record => Assert.Equal("binance-1", record.Header(HeaderNames.Leg)));
        Assert.Equal(2, harness.Metrics.AcknowledgedCount);
        Assert.InRange(harness.Metrics.StageLatency("kafka_ack").Count, 1, 2);
        Assert.InRange(harness.Metrics.StageLatency("kafka_ack").Mean, 1, 30_000_000);
    }
}
