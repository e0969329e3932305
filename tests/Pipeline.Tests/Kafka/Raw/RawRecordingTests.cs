using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Embedded;
using Pipeline.Kafka.Raw;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Kafka.Raw;

public sealed class RawRecordingTests : IAsyncLifetime, IDisposable
{
    private static readonly RecordingHeader Header = new()
    {
        CreatedTime = 7,
        Summary = "a test",
        Venues = [new RecordedVenue("binance", "trade", 1000, false, [new RecordedInstrument("BTC-USDT", "BTCUSDT", "1")])],
    };

    private readonly PipelineMetrics _metrics = new();
    private readonly TestTimeProvider _clock = new();
    private EmbeddedBroker _broker = null!;
    private KafkaOptions _kafka = new() { Raw = true, Partitions = 4 };

    public Task InitializeAsync()
    {
        _broker = EmbeddedBroker.Start(new EmbeddedBrokerOptions { Port = 0 }, _kafka, TimeProvider.System);
        _kafka = _kafka with { BootstrapServers = _broker.BootstrapServers };
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task WriteAndRead_SeveralConnections_AreInTheOrderTheyCame()
    {
        // Times go back now and then: the order is that of taking, not that of the times.
        var frames = Enumerable.Range(0, 500).Select(i => (Connection: $"binance-{i * 7 % 5}", Time: 1_000L + (i * 10) - (i % 3 * 15), Text: $"frame {i}")).ToList();
        await RecordAsync(frames, end: true);
        for (var turn = 0; turn < 2; turn++)
        {
            using var recording = await OpenAsync(null);
            Assert.Equal(Header.Venues[0].Instruments, recording.Header.Venues[0].Instruments);
            Assert.Equal(frames, ReadAll(recording).Select(one => (one.Connection, one.Time, one.Text)));
            Assert.Null(recording.Damage);
            Assert.Equal(recording.Length, recording.Position);
        }
    }

    [Fact]
    public async Task Open_SeveralRecordings_GivesTheNewestOrTheNamed()
    {
        var first = await RecordAsync([("a", 1, "one")], end: true);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await RecordAsync([("a", 2, "two"), ("b", 3, "three")], end: true);
        using var newest = await OpenAsync(null);
        using var named = await OpenAsync(first);
        Assert.Equal(["two", "three"], ReadAll(newest).Select(one => one.Text));
        Assert.Equal(["one"], ReadAll(named).Select(one => one.Text));
        var error = await Assert.ThrowsAsync<RecordingException>(() => OpenAsync("another"));
        Assert.Contains(first, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_RecorderThatDied_GivesWhatIsThereAndSaysSo()
    {
        await RecordAsync([("a", 1, "one"), ("b", 2, "two")], end: false);
        using var recording = await OpenAsync(null);
        Assert.Equal(["one", "two"], ReadAll(recording).Select(one => one.Text));
        Assert.Equal("the recording was not ended", recording.Damage);
    }

    [Fact]
    public async Task Write_FramesLargerThanARecord_AreSplitOrCutAndCounted()
    {
        _kafka = _kafka with { Properties = new Dictionary<string, string> { ["message.max.bytes"] = "10000" } };
        var sizes = new[] { 5_000, 5_000, 20_000, 10 };
        var target = await RawTarget.StartAsync(_kafka, () => Header, _clock, _metrics, CancellationToken.None);
        await using (var recorder = new FrameRecorder(_ => target, new RecorderOptions { Holds = true }, _clock, _metrics))
        {
            var batch = FrameBatch.Of(FeedSource.None with { Venue = "binance", Connection = "a" }, 5, [.. sizes.Select(size => new byte[size])]);
            recorder.Take(batch);
            batch.Release();
        }

        using var recording = await OpenAsync(null);
        var read = ReadAll(recording).ToList();
        Assert.Equal([5_000, 5_000, 10_000 - 2_048, 10], read.Select(one => one.Text.Length));
        Assert.Equal(sizes.Select(size => (long)size), read.Select(one => one.WireSize));
        Assert.Null(recording.Damage);
        Assert.Equal(1, _metrics.Snapshot().Where(s => s.Name == "pipeline.graph.dropped" && s.Detail == "oversize-record").Sum(s => s.Value));
    }

    [Fact]
    public async Task Open_NoRecording_SaysHowToMakeOne()
    {
        var error = await Assert.ThrowsAsync<RecordingException>(() => OpenAsync(null));
        Assert.Contains("record --to kafka", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Connection, long Time, string Text, long WireSize)> ReadAll(RawRecording recording)
    {
        while (recording.Read() is { } batch)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                yield return (batch.Connection, batch.ReceivedTime, System.Text.Encoding.UTF8.GetString(batch[i]), batch.WireSize(i));
            }
        }
    }

    private Task<RawRecording> OpenAsync(string? name) => RawRecording.OpenAsync(_kafka, name, CancellationToken.None);

    private async Task<string> RecordAsync(List<(string Connection, long Time, string Text)> frames, bool end)
    {
        using var target = await RawTarget.StartAsync(_kafka, () => Header, _clock, _metrics, CancellationToken.None);
        var block = new RecordingBlock();
        foreach (var (connection, time, text) in frames)
        {
            var batch = FrameBatch.Of(
                FeedSource.None with { Venue = "binance", Connection = connection }, time, System.Text.Encoding.UTF8.GetBytes(text));
            block.Append(batch);
            batch.Release();
        }

        await target.WriteAsync(block);
        if (end)
        {
            await target.EndAsync();
        }

        return target.Recording;
    }
}
