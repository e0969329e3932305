using System.Diagnostics;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Diagnostics;

[Collection(nameof(TracingCollection))]
public sealed class BatchTracerTests : IDisposable
{
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public BatchTracerTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Begin_WithARatioOfOne_SpansFromArrivalToTheEndOfTheBatch()
    {
        ActivitySource.AddActivityListener(_listener);
        var batch = new MarketBatch { Connection = "binance-1", Now = 1_000_000 };
        new BatchTracer(1).Begin(batch, "binance", now: 1_250_000);
        var span = batch.Trace!;

        Assert.Null(Activity.Current);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", span.Id);
        batch.Release();

        Assert.Same(span, Assert.Single(_ended));
        Assert.Equal(("collect", "binance", "binance-1"), (span.OperationName, span.GetTagItem("venue"), span.GetTagItem("connection")));
        Assert.True(span.Duration >= TimeSpan.FromMilliseconds(250), $"{span.Duration}");
        Assert.Null(batch.Trace);
    }

    [Fact]
    public void Begin_RatioOfZero_OrNoListener_TracesNothing()
    {
        var batch = new MarketBatch();
        new BatchTracer(1).Begin(batch, "binance", 0);
        Assert.Null(batch.Trace);
        Assert.False(new BatchTracer(1).IsOn);

        ActivitySource.AddActivityListener(_listener);
        new BatchTracer(0).Begin(batch, "binance", 0);
        Assert.Null(batch.Trace);
    }

    [Fact]
    public void Begin_RatioOfAQuarter_TracesAboutThatMany()
    {
        ActivitySource.AddActivityListener(_listener);
        var tracer = new BatchTracer(0.25);
        var batch = new MarketBatch();
        for (var i = 0; i < 4_000; i++)
        {
            tracer.Begin(batch, "binance", 0);
            batch.Release();
        }

        // Eight standard deviations of 27 on either side.
        Assert.InRange(_ended.Count, 780, 1_220);
    }
}
