using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Kafka;
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
    public async Task Write_BrokerAway_WaitsForABoundedTimeAndWritesWhenItIsBack()
    {
        using var target = await StartImpatientAsync();
        await target.WriteAsync(BlockOf("before"));
        await _broker.DownAsync();
        await target.WriteAsync(BlockOf("meanwhile"));
        Assert.True(target.IsWaiting);
        await ComeBackAsync(target);
        await target.WriteAsync(BlockOf("after"));
        await target.EndAsync();
        using var recording = await OpenAsync(null);
        Assert.Equal(["before", "meanwhile", "after"], ReadAll(recording).Select(one => one.Text));
        Assert.Equal((null, 0), (recording.Damage, target.Lost));
    }

    [Fact]
    public async Task Write_BrokerAwayAndTheClientFull_CountsAndTellsWhatIsLost()
    {
        _kafka = _kafka with { Properties = new Dictionary<string, string> { ["queue.buffering.max.messages"] = "2" } };
        var told = new List<string>();
        using var target = await StartImpatientAsync(told.Add);
        await _broker.DownAsync();
        foreach (var text in new[] { "1", "2", "3", "4" })
        {
            await target.WriteAsync(BlockOf(text));
        }

        Assert.Equal(2, target.Lost);
        Assert.Contains("frames are lost", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(2, _metrics.Snapshot().Where(s => s.Name == "pipeline.graph.dropped" && s.Detail == "recording").Sum(s => s.Value));
        await ComeBackAsync(target);
        await target.WriteAsync(BlockOf("5"));
        Assert.Contains("2 frames were lost", told[^1], StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<KafkaClientException>(() => target.EndAsync().AsTask());
        Assert.StartsWith("2 frames are not in md.raw", error.Message, StringComparison.Ordinal);
        using var recording = await OpenAsync(null);
        Assert.Equal(["1", "2", "5"], ReadAll(recording).Select(one => one.Text));
        Assert.Equal("2 of its records are gone from the topic", recording.Damage);
    }

    [Fact]
    public async Task End_BrokerAway_EndsAndSaysWhatIsLost()
    {
        using var target = await StartImpatientAsync();
        await _broker.DownAsync();
        await target.WriteAsync(BlockOf("one", "two"));
        var error = await Assert.ThrowsAsync<KafkaClientException>(() => target.EndAsync().AsTask());
        Assert.EndsWith("for 1 s: 2 frames are lost.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Waits by the system's clock, as a broker does, and for no longer than one of ours may take to answer nothing.</summary>
    private async Task<RawTarget> StartImpatientAsync(Action<string>? tell = null) => await RawTarget.StartAsync(
        _kafka, () => Header, TimeProvider.System, _metrics, CancellationToken.None, tell: tell, patience: TimeSpan.FromSeconds(1));

    private async Task ComeBackAsync(RawTarget target)
    {
        _broker.Up();
        while (target.IsWaiting)
        {
            await target.TryTellAsync();
        }
    }

    private static RecordingBlock BlockOf(params string[] texts)
    {
        var block = new RecordingBlock();
        foreach (var text in texts)
        {
            var batch = FrameBatch.Of(FeedSource.None with { Venue = "binance", Connection = "a" }, 1, System.Text.Encoding.UTF8.GetBytes(text));
            block.Append(batch);
            batch.Release();
        }

        return block;
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
