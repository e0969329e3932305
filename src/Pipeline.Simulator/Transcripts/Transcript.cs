using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Pipeline.Core.Market;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Transcripts;

/// <summary>
/// Every frame in and out, while it is on: the newest in memory, and all of them in a file if one was asked for, as lines of JSON.
/// The file is written by a task of its own; what it cannot take in time is counted and left out, nobody waits for it.
/// </summary>
internal sealed class Transcript : IAsyncDisposable
{
    public const int HeadBytes = 512;
    public const int EntriesKept = 10_000;

    private const int WaitingForFile = 65_536;
    private const long LargestFile = 4L * 1024 * 1024 * 1024;

    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly Queue<TranscriptEntry> _newest = new();
    private readonly Channel<TranscriptEntry>? _toFile;
    private readonly Task _writing = Task.CompletedTask;
    private volatile bool _isOn;
    private long _frames;
    private long _dropped;

    /// <param name="target">A file, or a folder that exists; null = memory only, and off until it is switched on.</param>
    /// <exception cref="SimulatorStartException">The file cannot be written.</exception>
    public Transcript(string? target, TimeProvider clock)
    {
        _clock = clock;
        _start = clock.GetTimestamp();
        if (target is not null)
        {
            File = FileOf(target, clock.GetUtcNow());
            _toFile = Channel.CreateBounded<TranscriptEntry>(new BoundedChannelOptions(WaitingForFile) { SingleReader = true });
            _writing = WriteAsync(Open(File), _toFile.Reader);
            _isOn = true;
        }
    }

    /// <summary>Null = memory only.</summary>
    public string? File { get; }

    public bool IsOn
    {
        get => _isOn;
        set => _isOn = value;
    }

    /// <summary>Frames noted.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Frames that are not in the file, because it could not be written so fast or was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Note(int connection, SimulatedVenue venue, bool isIn, byte opcode, ReadOnlySpan<byte> payload, long size)
    {
        var entry = new TranscriptEntry(
            MarketTime.From(_clock.GetElapsedTime(_start)), MarketTime.Now(_clock), connection, venue, isIn, opcode, size,
            payload[..Math.Min(payload.Length, HeadBytes)].ToArray());
        Interlocked.Increment(ref _frames);
        lock (_gate)
        {
            _newest.Enqueue(entry);
            if (_newest.Count > EntriesKept)
            {
                _newest.Dequeue();
            }
        }

        if (_toFile is not null && !_toFile.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>The newest, oldest first.</summary>
    /// <param name="connection">Of one connection; null = of all.</param>
    public IReadOnlyList<TranscriptEntry> Newest(int? connection, int limit)
    {
        lock (_gate)
        {
            return [.. _newest.Where(entry => connection is null || entry.Connection == connection).TakeLast(limit)];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isOn = false;
        _toFile?.Writer.TryComplete();
        await _writing;
    }

    private static string FileOf(string target, DateTimeOffset now) => Directory.Exists(target)
        ? Path.Combine(target, $"transcript-{now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.jsonl")
        : target;

    private static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, 64 * 1024, useAsync: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SimulatorStartException($"simulator.transcript: cannot write {file}: {e.Message}", e);
        }
    }

    private async Task WriteAsync(FileStream stream, ChannelReader<TranscriptEntry> entries)
    {
        await using var file = stream;
        while (await entries.WaitToReadAsync())
        {
            while (entries.TryRead(out var entry))
            {
                if (file.Position >= LargestFile)
                {
                    Interlocked.Increment(ref _dropped);
                    continue;
                }

                try
                {
                    var text = TranscriptText.Of(entry);
                    await JsonSerializer.SerializeAsync(file, text, text.GetType(), JsonAnswer.Options);
                    file.WriteByte((byte)'\n');
                }
                catch (IOException)
                {
                    // The disk is full or gone; the simulation is worth more than its record.
                    Interlocked.Increment(ref _dropped);
                }
            }

            await FlushAsync(file);
        }
    }

    private static async Task FlushAsync(FileStream file)
    {
        try
        {
            await file.FlushAsync();
        }
        catch (IOException)
        {
            // As above; what was not written is written or counted later.
        }
    }
}
