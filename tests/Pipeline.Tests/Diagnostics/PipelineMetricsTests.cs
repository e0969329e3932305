using System.Diagnostics.Metrics;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Restart;
using Pipeline.TestKit;

namespace Pipeline.Tests.Diagnostics;

public sealed class PipelineMetricsTests
{
    [Fact]
    public void Snapshot_FiguresOfOneSource_AreReadFromItOnce()
    {
        using var metrics = new PipelineMetrics();
        var reads = new List<string>();
        T Read<T>(string source, T value)
        {
            reads.Add(source);
            return value;
        }

        metrics.AddGatewayTotals(() => Read("gateway", new GatewayTotals { Records = 7, Messages = 9 }));
        metrics.AddCandleService(() => Read("kline", new CandleServiceTotals { Clients = 3, Errors = new Dictionary<string, long> { ["INVALID_SYMBOL"] = 2 } }));
        metrics.AddHistory(() => Read("history", new HistoryTotals { Series = 5, Written = [("added", 8)] }), new LatencyHistogram());
        metrics.AddConnections(() => Read("connections", new ConnectionFigure[] { new("okx", "okx-1", IsRunning: true, Streams: 8, Confirmed: 6) }));

        var first = metrics.Snapshot();
        Assert.Equal(["connections", "gateway", "history", "kline"], reads.Order());
        Assert.Superset(
            new HashSet<MetricSample>
            {
                new("pipeline.gateway.records", "", "", 7), new("pipeline.gateway.messages", "", "", 9), new("pipeline.kline.clients", "", "", 3),
                new("pipeline.kline.errors", "INVALID_SYMBOL", "", 2), new("pipeline.history.series", "", "", 5),
                new("pipeline.history.written", "added", "", 8), new("pipeline.ws.connections", "okx", "open", 1),
                new("pipeline.connection.confirmed", "okx", "okx-1", 6),
            },
            first.ToHashSet());
        metrics.Snapshot();
        Assert.Equal(8, reads.Count);
    }

    [Fact]
    public void Listener_OfTheMeter_ReadsTheNumbersOfTheSnapshot()
    {
        using var factory = new OneMeter();
        using var metrics = new PipelineMetrics(factory);
        metrics.FramesReceived("binance", 12, 3456);
        metrics.Disconnected("binance", "closed");
        metrics.Streams("binance", "stale", 3);
        metrics.Streams("binance", "stale", -1);
        metrics.AddQueue("2 parse", () => 7, 64);
        metrics.AddLag("okx", () => -300, () => 250_000);
        metrics.GapClosed("okx", "repaired", 2_500_000);
        metrics.ConnectHeld("okx", TimeSpan.FromMilliseconds(1500));

        var read = Read(factory.Meter);

        Assert.Equal(12, read["pipeline.feed.frames|venue=binance"]);
        Assert.Equal(1, read["pipeline.feed.disconnects|venue=binance,reason=closed"]);
        Assert.Equal(2, read["pipeline.streams|venue=binance,state=stale"]);
        Assert.Equal(7, read["pipeline.block.queue_length|block=2 parse"]);
        Assert.Equal(0.25, read["pipeline.feed.lag|venue=okx,of=newest"]);
        Assert.Equal(2.5, read["pipeline.gaps.time|venue=okx,outcome=repaired"]);
        Assert.Equal(1.5, read["pipeline.feed.connect_wait|venue=okx"]);
        Assert.Equal(metrics.Snapshot().Count, read.Count);
    }

    [Fact]
    public void EveryFamily_IsOnTheMeter()
    {
        using var factory = new OneMeter();
        using var metrics = new PipelineMetrics(factory);
        var names = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => names.Add(ReferenceEquals(instrument.Meter, factory.Meter) ? instrument.Name : "") };
        listener.Start();

        Assert.Equal(metrics.Families.Select(family => family.Name).Order(), names.Where(name => name.Length > 0).Order());
        Assert.Equal(metrics.Families.Count(), metrics.Families.Select(PrometheusText.NameOf).Distinct().Count());
    }

    [Fact]
    public void StageLatency_IsHeardByListeners_AsItIsAdded()
    {
        using var factory = new OneMeter();
        using var metrics = new PipelineMetrics(factory);
        var heard = new List<(double Seconds, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, one) =>
            {
                if (ReferenceEquals(instrument.Meter, factory.Meter) && instrument.Name == "pipeline.stage.latency")
                {
                    one.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => heard.Add((value, TagText(tags))));
        metrics.StageLatency("arrival", "okx").Add(1, 0);
        listener.Start();

        metrics.StageLatency("arrival", "okx").Add(2_500, 0);
        metrics.StageLatency("arrival", "okx").Add(-40, 0);

        Assert.Equal([(0.0025, "stage=arrival,venue=okx"), (0, "stage=arrival,venue=okx")], heard);
        Assert.Equal((3, 1), (metrics.StageLatency("arrival", "okx").Count, metrics.StageLatency("arrival", "okx").Negative));
        Assert.Equal(1, metrics.Snapshot().Single(one => one is { Name: "pipeline.stage.negative", Tag: "arrival" }).Value);
    }

    [Fact]
    public void Counting_AllocatesNothing()
    {
        using var metrics = new PipelineMetrics();
        var stage = metrics.StageLatency("normalise");
        void Count()
        {
            for (var i = 0; i < 1000; i++)
            {
                metrics.FramesReceived("binance", 1, 100);
                metrics.Events("binance", "trade", 1);
                metrics.Acknowledged("md.trades", 1);
                stage.Add(120, 0);
            }
        }

        Count();
        Assert.Equal(0, Allocations.Least(Count));
    }

    /// <summary>An exporter takes meters of one name for one, and lets go of both when one ends: restoring did that to the collector's.</summary>
    [Fact]
    public void Restoring_LeavesTheMeterOfTheProcessAlone()
    {
        // Other tests make and end meters meanwhile, on their own threads; who begins to listen is told of some that end just then.
        var (ended, here) = (new List<string>(), Environment.CurrentManagedThreadId);
        var hasBegun = false;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, one) => one.EnableMeasurementEvents(instrument),
            MeasurementsCompleted = (instrument, _) =>
            {
                if (hasBegun && Environment.CurrentManagedThreadId == here)
                {
                    ended.Add(instrument.Meter.Name);
                }
            },
        };
        listener.Start();
        hasBegun = true;
        new RestoreFold(0, new CandleOptions()).Dispose();

        Assert.Equal([PipelineMetrics.UnseenMeterName], ended.Distinct());
    }

    [Fact]
    public void Meter_OfAnotherLibrary_IsWrittenOutToo()
    {
        using var meter = new Meter("other");
        meter.CreateObservableCounter("other.requests", () => new Measurement<long>[] { new(3, new KeyValuePair<string, object?>("code", 503)), new(1) }, "{request}", "Asked");
        meter.CreateObservableGauge("other.age", () => 1.5, "s", "How old");
        meter.CreateCounter<long>("other.pushed").Add(1);
        var text = new PrometheusText();
        text.Append(meter);

        Assert.Equal(
            """
            # HELP other_requests_total Asked
            # TYPE other_requests_total counter
            other_requests_total{code="503"} 3
            other_requests_total 1
            # HELP other_age_seconds How old
            # TYPE other_age_seconds gauge
            other_age_seconds 1.5

            """,
            text.ToString());
    }

    private static Dictionary<string, double> Read(Meter meter)
    {
        var read = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, one) =>
            {
                if (ReferenceEquals(instrument.Meter, meter) && instrument.IsObservable)
                {
                    one.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => read.Add($"{instrument.Name}|{TagText(tags)}", value));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => read.Add($"{instrument.Name}|{TagText(tags)}", value));
        listener.Start();
        listener.RecordObservableInstruments();
        return read;
    }

    private static string TagText(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));

    private sealed class OneMeter : IMeterFactory
    {
        public Meter Meter { get; private set; } = null!;

        public Meter Create(MeterOptions options) => Meter = new Meter(options);

        public void Dispose() => Meter.Dispose();
    }
}
