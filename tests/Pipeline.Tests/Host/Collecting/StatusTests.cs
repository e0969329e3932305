using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Host.Collecting;
using Pipeline.Kafka.Records;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Kafka;

namespace Pipeline.Tests.Host.Collecting;

/// <summary>From a collector's figures to the value of <c>md.status</c>.</summary>
public sealed class StatusTests
{
    private readonly TestTimeProvider _time = new();
    private readonly LinesLog _log = new();

    [Fact]
    public void Of_TwoLooks_HasTotalsAndRates()
    {
        var status = StatusReport.Of("collector-1", Look(10, 1000, 50_000), Look(15, 2000, 300_000), memory: 77)[0];

        Assert.Equal(("collector-1", "binance", "running", 15), (status.Collector, status.Venue, status.State, status.Uptime));
        Assert.Equal((2000, 200, 300_000, 50_000), (status.Messages, status.MessagesPerSecond, status.Bytes, status.BytesPerSecond));
        Assert.Equal((2, 1, 18, 17), (status.Connections, status.OpenConnections, status.Streams, status.ConfirmedStreams));
        Assert.Equal((4, 6, 5, 3, 1500), (status.Reconnects, status.Disconnects, status.Holes, status.DeadLetters, status.Lag));
        Assert.Equal("binance-2: not connected", status.Reason);
        Assert.Equal(("b", 50, 100, 77), (status.Queue, status.QueueLength, status.QueueCapacity, status.Memory));
        Assert.Equal([0, 15, 2, 1, 0, 0], status.Health);
    }

    [Fact]
    public void Of_FirstLookOrMissingVenue_HasNoRatesAndSaysWhy()
    {
        var all = StatusReport.Of("c", null, Look(5, 100, 100), 0);

        Assert.Equal((0, 0), (all[0].MessagesPerSecond, all[0].BytesPerSecond));
        Assert.Equal(("okx", "starting", "HTTP 404"), (all[1].Venue, all[1].State, all[1].Reason));
        Assert.Null(all[1].Lag);
    }

    [Fact]
    public void Record_IsTheContractedTextAndFitsItsSchema()
    {
        var schema = new JsonSchemaValidator(RecordSchema.Read(RecordSchema.Status));
        var writer = new RecordWriter(new InstrumentTexts());
        var all = StatusReport.Of("collector-1", Look(10, 1000, 50_000), Look(15, 2000, 300_000), 77);
        var texts = all.Select(status => Encoding.UTF8.GetString(writer.Write(status))).ToList();

        Assert.All(texts, text => Assert.Empty(schema.Validate(text)));
        Assert.Equal(
            """{"collector":"collector-1","venue":"binance","time":42,"state":"running","reason":"binance-2: not connected","uptimeSeconds":15"""
            + ""","connections":{"total":2,"open":1},"streams":{"wanted":18,"confirmed":17,"starting":0,"fresh":15,"quiet":2,"stale":1"""
            + ""","paused":0,"stopped":0},"messages":2000,"messagesPerSecond":200,"bytes":300000,"bytesPerSecond":50000,"lag":1500"""
            + ""","reconnects":4,"disconnects":6,"connectFailures":0,"holes":5,"missing":0,"deadLetters":3,"dropped":0"""
            + ""","memoryBytes":77,"queue":{"name":"b","length":50,"capacity":100}}""",
            texts[0]);
        Assert.Equal("HTTP 404", (string)JsonNode.Parse(texts[1])!["reason"]!);
    }

    [Fact]
    public void Record_LongestOfEverything_FitsItsBuffer()
    {
        var status = new CollectorStatus
        {
            Collector = new string('\u0001', 100),
            Venue = "v",
            Time = long.MaxValue,
            State = "running",
            Reason = new string('"', 5000),
            Uptime = long.MaxValue,
            Connections = int.MaxValue,
            OpenConnections = int.MaxValue,
            Streams = int.MaxValue,
            ConfirmedStreams = int.MaxValue,
            Health = [.. Enumerable.Repeat(int.MaxValue, 6)],
            Messages = long.MaxValue,
            MessagesPerSecond = long.MaxValue,
            Bytes = long.MaxValue,
            BytesPerSecond = long.MaxValue,
            Lag = long.MinValue,
            Reconnects = long.MaxValue,
            Disconnects = long.MaxValue,
            ConnectFailures = long.MaxValue,
            Holes = long.MaxValue,
            Missing = long.MaxValue,
            DeadLetters = long.MaxValue,
            Dropped = long.MaxValue,
            Memory = long.MaxValue,
            Queue = new string('\\', 200),
            QueueLength = long.MaxValue,
            QueueCapacity = long.MaxValue,
        };
        var text = Encoding.UTF8.GetString(new RecordWriter(new InstrumentTexts()).Write(status));

        Assert.Empty(new JsonSchemaValidator(RecordSchema.Read(RecordSchema.Status)).Validate(text));
        Assert.Equal(status.Reason, (string)JsonNode.Parse(text)!["reason"]!);
    }

    [Fact]
    public async Task Watch_WritesEveryFiveSecondsAndOnceWhenItEnds()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var sink = new StatusSink();
        var uptime = 0;
        var watch = new StatusWatch("c", () => Look(++uptime * 5, uptime * 100, 0), sink, _time, _log);
        using var stop = new CancellationTokenSource();
        var running = watch.RunAsync(stop.Token);

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Empty(sink.Written);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["binance running 0", "okx starting 0", "binance running 20", "okx starting 0"], sink.Written);

        // One that fails costs itself alone.
        sink.Fault = new IOException("no room");
        _time.Advance(TimeSpan.FromSeconds(5));
        sink.Fault = null;
        Assert.Equal("the collector's status could not be written (no room)", Assert.Single(_log.Lines));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(6, sink.Written.Count);

        await stop.CancelAsync();
        await running;
        await watch.WriteStoppedAsync("okx", Look(25, 500, 0), default);
        await watch.WriteStoppedAsync(null, Look(25, 500, 0), default);
        Assert.Equal(["okx stopped 0", "binance stopped 20", "okx stopped 0"], sink.Written.Skip(6));
    }

    private static CollectorStatistics Look(double uptime, long frames, long bytes) => new(
        uptime,
        42,
        [
            new("binance", [new("binance-1", 10, 10, true, 1, 3, 42), new("binance-2", 8, 7, false, 1, 1, 42)], null, [0, 15, 2, 1, 0, 0]),
            new("okx", [], "HTTP 404"),
        ],
        [
            new("pipeline.feed.frames", "binance", "", frames), new("pipeline.feed.frames", "okx", "", 0), new("pipeline.feed.bytes", "binance", "", bytes),
            new("pipeline.feed.disconnects", "binance", "aborted", 4), new("pipeline.feed.disconnects", "binance", "silent", 2),
            new("pipeline.sequence.holes", "binance", "trade", 5), new("pipeline.feed.dead_letters", "binance", "bad", 3),
            new("pipeline.feed.lag", "binance", "", 1500),
        ],
        [new("a", 10, 1000), new("b", 50, 100), new("c", 0, 10)]);

    private sealed class StatusSink : IMarketSink
    {
        public List<string> Written { get; } = [];

        public Exception? Fault { get; set; }

        public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
        {
            if (Fault is not null)
            {
                throw Fault;
            }

            for (var i = 0; i < batch.Statuses.Count; i++)
            {
                Written.Add($"{batch.Statuses[i].Venue} {batch.Statuses[i].State} {batch.Statuses[i].MessagesPerSecond}");
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
