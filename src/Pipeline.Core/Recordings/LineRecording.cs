using System.IO.Compression;
using Pipeline.Core.Feeds;

namespace Pipeline.Core.Recordings;

/// <summary>
/// Reads <c>NAME.jsonl.gz</c> (a frame per line) with <c>NAME.recv.gz</c> (an arrival time per line), as other recorders write them, a
/// line at a time. They say nothing of venue and instruments: the reader must know.
/// </summary>
public sealed class LineRecording : IRecording
{
    private const int MaxLine = 64 << 20;
    private const int MaxTime = 64;

    private readonly FileStream _file;
    private readonly LineReader _frames;
    private readonly LineReader _times;
    private readonly RecordedBatch _batch = new();
    private long _line;

    /// <param name="path">Without suffix.</param>
    internal LineRecording(string path)
    {
        _file = File.OpenRead(path + RecordingFiles.FramesSuffix);
        try
        {
            _frames = new LineReader(new GZipStream(_file, CompressionMode.Decompress), MaxLine);
            _times = new LineReader(new GZipStream(File.OpenRead(path + RecordingFiles.TimesSuffix), CompressionMode.Decompress), MaxTime);
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        Header = new RecordingHeader { Summary = Path.GetFileName(path) };
        Length = _file.Length;
    }

    public RecordingHeader Header { get; }

    public long Position => _file.Position;

    public long Length { get; }

    public string? Damage { get; private set; }

    /// <inheritdoc/>
    public RecordedBatch? Read()
    {
        if (Damage is not null)
        {
            return null;
        }

        try
        {
            var (hasFrame, hasTime) = (_frames.TryRead(out var frame), _times.TryRead(out var time));
            _line++;
            if (!hasFrame && !hasTime)
            {
                return null;
            }

            if (!hasFrame || !hasTime)
            {
                Damage = $"line {_line} has {(hasFrame ? "no arrival time" : "an arrival time but no frame")}";
                return null;
            }

            if (!ArrivalTime.TryParse(time, out var received))
            {
                Damage = $"line {_line} of the arrival times is no time";
                return null;
            }

            // One socket brought them all, without a break that anybody knows of.
            _batch.Begin("", "recording-1", received, new FrameOrigin(1, 1, 1));
            _batch.Add(frame, frame.Length);
            return _batch;
        }
        catch (InvalidDataException error)
        {
            Damage = $"line {_line + 1}: {error.Message}";
            return null;
        }
    }

    public void Dispose()
    {
        _frames.Dispose();
        _times.Dispose();
        _file.Dispose();
    }
}
