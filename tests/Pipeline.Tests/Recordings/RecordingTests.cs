using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Recordings;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Recordings;

public sealed class RecordingTests : IDisposable
{
    private static readonly RecordingHeader Header = new()
    {
        CreatedTime = 7,
        Summary = "a test",
        Venues = [new RecordedVenue("binance", "trade", 1000, false, [new RecordedInstrument("BTC-USDT", "BTCUSDT", "1")])],
    };

    private readonly PipelineMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task WriteAndRead_AnyFrames_AreTheSame(int seed)
    {
        var batches = MakeBatches(seed, 500);
        var bytes = await RecordAsync(seed, 500, new RecorderOptions { Holds = true, BlockBytes = 4_000 });
        using var recording = new Recording(new MemoryStream(bytes));
        Assert.Equal(Header.Summary, recording.Header.Summary);
        Assert.Equal(Header.Venues[0].Instruments, recording.Header.Venues[0].Instruments);
        Assert.Equal(batches, ReadAll(recording));
        Assert.Null(recording.Damage);
        Assert.Equal(bytes.Length, recording.Position);
    }

    [Fact]
    public async Task Read_FileCutAnywhere_GivesWhatIsBeforeAndSaysSo()
    {
        var batches = MakeBatches(4, 60);
        var bytes = await RecordAsync(4, 60, new RecorderOptions { Holds = true, BlockBytes = 500 });
        var header = HeaderEnd(bytes);
        var seen = new HashSet<int>();
        for (var length = header; length < bytes.Length; length += 7)
        {
            using var recording = new Recording(new MemoryStream(bytes, 0, length));
            var read = ReadAll(recording);
            Assert.Equal(batches.Take(read.Count), read);
            Assert.NotNull(recording.Damage);
            seen.Add(read.Count);
        }

        // Blocks are kept one by one: not all or nothing.
        Assert.True(seen.Count > 5, $"only {seen.Count} different lengths");
    }

    [Fact]
    public async Task Read_AnyByteChanged_NeverThrowsAndNeverInventsFrames()
    {
        var batches = MakeBatches(5, 60);
        var bytes = await RecordAsync(5, 60, new RecorderOptions { Holds = true, BlockBytes = 2_000 });
        for (var at = HeaderEnd(bytes); at < bytes.Length; at += 11)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0x5a;
            using var recording = new Recording(new MemoryStream(damaged));
            var read = ReadAll(recording);
            Assert.Equal(batches.Take(read.Count), read);
            Assert.True(recording.Damage is not null || read.Count == batches.Count);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"venues\":[]}")]
    [InlineData("PBLKH\u00ff\u00ff\u00ff\u007f\u0001\u0000\u0000\u0000x")]
    public void Open_SomethingElse_IsRefusedWithAReason(string text)
    {
        var bytes = text.Select(c => (byte)c).ToArray();
        var error = Assert.Throws<RecordingException>(() => new Recording(new MemoryStream(bytes)));
        Assert.StartsWith("this is no recording: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AnotherVersion_IsRefusedByItsNumber()
    {
        var file = new MemoryStream();
        await using (var recorder = new FrameRecorder(_ => file, Header with { Version = 9 }, new RecorderOptions(), new TestTimeProvider(), _metrics))
        {
            Assert.Equal(0, recorder.Dropped);
        }

        var error = Assert.Throws<RecordingException>(() => new Recording(new MemoryStream(file.ToArray())));
        Assert.Contains("version 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_DiskStandsStill_DropsCountsAndNeverHoldsUnlessAsked()
    {
        using var disk = new StuckStream();
        var options = new RecorderOptions { BlockBytes = 100, Blocks = 2 };
        var recorder = new FrameRecorder(_ => disk, Header, options, new TestTimeProvider(), _metrics);
        disk.Block();
        var batches = MakeFrames(6, 200).ToList();
        batches.ForEach(recorder.Take);
        Assert.All(batches, batch => Assert.True(batch.Released.IsCompleted));
        Assert.True(recorder.Dropped > 0);
        Assert.Equal(batches.Sum(batch => batch.Count), recorder.Frames + recorder.Dropped);
        Assert.Equal(recorder.Dropped, _metrics.Snapshot().Where(s => s.Name == "pipeline.graph.dropped" && s.Detail == "recording").Sum(s => s.Value));
        disk.Open();
        await recorder.DisposeAsync();
        using var recording = new Recording(new MemoryStream(disk.ToArray()));
        Assert.Equal(recorder.Frames, ReadAll(recording).Sum(batch => batch.Split('|').Length - 1));
        Assert.Null(recording.Damage);
    }

    [Fact]
    public async Task Take_DiskStandsStillAndRecorderHolds_MakesConnectionsWaitAndLosesNothing()
    {
        using var disk = new StuckStream();
        var options = new RecorderOptions { BlockBytes = 100, Blocks = 2, Holds = true };
        var recorder = new FrameRecorder(_ => disk, Header, options, new TestTimeProvider(), _metrics);
        disk.Block();
        var batches = MakeFrames(6, 200).ToList();
        batches.ForEach(recorder.Take);
        Assert.Contains(batches, batch => !batch.Released.IsCompleted);
        disk.Open();
        await Task.WhenAll(batches.Select(batch => batch.Released)).WaitAsync(RealTime.Bound);
        await recorder.DisposeAsync();
        Assert.Equal(0, recorder.Dropped);
        using var recording = new Recording(new MemoryStream(disk.ToArray()));
        Assert.Equal(MakeBatches(6, 200), ReadAll(recording));
    }

    [Fact]
    public async Task Take_PastTheAgeOfAFileOrAskedTo_BeginsTheNext()
    {
        var files = new List<MemoryStream>();
        var time = new TestTimeProvider();
        var options = new RecorderOptions { Holds = true, BlockBytes = 1, MaxFileAge = TimeSpan.FromMinutes(1) };
        await using (var recorder = new FrameRecorder(_ => Add(files), Header, options, time, _metrics))
        {
            var frames = MakeFrames(9, 6).ToList();
            foreach (var (batch, at) in frames.Select((batch, at) => (batch, at)))
            {
                if (at == 2)
                {
                    time.Advance(TimeSpan.FromMinutes(1));
                }

                if (at == 4)
                {
                    recorder.Rotate();
                }

                var before = recorder.Written;
                recorder.Take(batch);
                time.Advance(options.BlockAge);
                await Until(() => recorder.Written > before);
            }
        }

        Assert.Equal(3, files.Count);
        Assert.Equal(MakeBatches(9, 6), files.SelectMany(file =>
        {
            using var recording = new Recording(new MemoryStream(file.ToArray()));
            var read = ReadAll(recording);
            Assert.Null(recording.Damage);
            return read;
        }));

        static async Task Until(Func<bool> isSo)
        {
            while (!isSo())
            {
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task Take_PastTheBoundOfAFile_BeginsTheNextWithAHeaderOfItsOwn()
    {
        var files = new List<MemoryStream>();
        var options = new RecorderOptions { Holds = true, BlockBytes = 1_000, MaxFileBytes = 5_000 };
        await using (var recorder = new FrameRecorder(_ => Add(files), Header, options, new TestTimeProvider(), _metrics))
        {
            foreach (var batch in MakeFrames(7, 400))
            {
                recorder.Take(batch);
                await batch.Released.WaitAsync(RealTime.Bound);
            }
        }

        Assert.True(files.Count > 2);
        var read = files.SelectMany(file =>
        {
            using var recording = new Recording(new MemoryStream(file.ToArray()));
            var all = ReadAll(recording);
            Assert.Null(recording.Damage);
            return all;
        });
        Assert.Equal(MakeBatches(7, 400), read);
    }

    private static MemoryStream Add(List<MemoryStream> files)
    {
        files.Add(new MemoryStream());
        return files[^1];
    }

    private static int HeaderEnd(byte[] bytes) => BlockHead.Size + BlockHead.Read(bytes)!.Value.Packed;

    private static List<string> ReadAll(Recording recording)
    {
        var all = new List<string>();
        while (recording.Read() is { } batch)
        {
            var frames = Enumerable.Range(0, batch.Count).Select(i => $"{batch.WireSize(i)}:{Convert.ToHexString(batch[i])}");
            all.Add($"{batch.Venue} {batch.Connection} {batch.ReceivedTime} {batch.Origin}|{string.Join('|', frames)}");
        }

        return all;
    }

    private static List<string> MakeBatches(int seed, int count) => [.. MakeFrames(seed, count).Select(batch =>
    {
        var frames = Enumerable.Range(0, batch.Count).Select(i => $"{batch.WireSize(i)}:{Convert.ToHexString(batch[i])}");
        return $"{batch.Source.Venue} {batch.Source.Connection} {batch.ReceivedTime} {batch.Origin}|{string.Join('|', frames)}";
    })];

    private static IEnumerable<FrameBatch> MakeFrames(int seed, int count)
    {
        var random = new Random(seed);
        FeedSource[] sources =
        [
            FeedSource.None with { Venue = "binance", Connection = "binance-1" },
            FeedSource.None with { Venue = "binance", Connection = "binance-2" },
            FeedSource.None with { Venue = "okx", Connection = "okx-1" },
        ];
        var time = 1_680_652_800_000_000L;
        for (var i = 0; i < count; i++)
        {
            time += random.Next(-2_000, 500_000);
            var frames = Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
            {
                var frame = new byte[random.Next(0, 60)];
                random.NextBytes(frame);
                return frame;
            }).ToArray();
            var batch = FrameBatch.Of(sources[random.Next(sources.Length)], time, frames);
            batch.Origin = new FrameOrigin(random.Next(1, 9), random.Next(1, 300), random.Next(1, 3));
            yield return batch;
        }
    }

    private async Task<byte[]> RecordAsync(int seed, int count, RecorderOptions options)
    {
        var file = new MemoryStream();
        await using (var recorder = new FrameRecorder(_ => file, Header, options, new TestTimeProvider(), _metrics))
        {
            foreach (var batch in MakeFrames(seed, count))
            {
                recorder.Take(batch);
                await batch.Released.WaitAsync(RealTime.Bound);
            }
        }

        return file.ToArray();
    }
}
