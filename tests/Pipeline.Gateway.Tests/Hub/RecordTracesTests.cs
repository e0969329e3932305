using System.Diagnostics;
using System.Text;
using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Hub;
using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.Tests.Hub;

public sealed class RecordTracesTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public void Follow_GoesOnWithTheTraceOfTheRecord_OncePerBatch()
    {
        var traces = new RecordTraces();
        Assert.Null(traces.Follow(Record($"00-{Trace}-b7ad6b7169203331-01"), 0));

        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var span = traces.Follow(Record($"00-{Trace}-b7ad6b7169203331-01"), 1_040_000)!;
        span.Stop();

        Assert.Equal((Trace, "b7ad6b7169203331", "gateway"), (span.TraceId.ToString(), span.ParentSpanId.ToString(), span.OperationName));
        Assert.True(span.HasRemoteParent);
        Assert.True(span.Duration >= TimeSpan.FromMilliseconds(40), $"{span.Duration}");
        Assert.Equal(("md.trades", 5L), (span.GetTagItem("messaging.destination.name"), span.GetTagItem("messaging.kafka.offset")));
        Assert.Null(traces.Follow(Record($"00-{Trace}-b7ad6b7169203331-01"), 0));
        using var next = traces.Follow(Record($"00-{Trace}-b7ad6b7169203332-01"), 0);
        Assert.NotNull(next);
        Assert.Null(traces.Follow(Record("00-nonsense"), 0));
        Assert.Null(traces.Follow(Record(null), 0));
    }

    private static KafkaRecord Record(string? trace) => new(
        "md.trades", 0, 5, Timestamp: 1_000_000, null, null, trace is null ? [] : [new(PipelineTracing.TraceParent, Encoding.ASCII.GetBytes(trace))]);
}
