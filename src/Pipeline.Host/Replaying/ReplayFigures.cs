using System.Globalization;
using Pipeline.Core.Recordings;
using Pipeline.Host.Status;

namespace Pipeline.Host.Replaying;

/// <summary>How far a replay has come. Written by one thread, read by any.</summary>
internal sealed class ReplayFigures(IRecording recording, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _frames;
    private long _unknown;
    private long _position;
    private long _firstTime;
    private long _lastTime;

    public long Frames => Volatile.Read(ref _frames);

    /// <summary>Frames of venues that the recording's header does not name.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public double Rate => Frames / Math.Max(Elapsed.TotalSeconds, 0.001);

    /// <summary>Time between the first frame and the last.</summary>
    public TimeSpan Span => TimeSpan.FromMicroseconds(Volatile.Read(ref _lastTime) - Volatile.Read(ref _firstTime));

    public void Note(RecordedBatch batch, bool isKnown)
    {
        if (_frames == 0 && _unknown == 0)
        {
            _firstTime = batch.ReceivedTime;
        }

        Volatile.Write(ref _lastTime, Math.Max(_lastTime, batch.ReceivedTime));
        Volatile.Write(ref _position, recording.Position);
        if (isKnown)
        {
            Volatile.Write(ref _frames, _frames + batch.Count);
        }
        else
        {
            Volatile.Write(ref _unknown, _unknown + batch.Count);
        }
    }

    public StatusView ToView(string title)
    {
        var part = recording.Length == 0 ? 1 : Math.Min(1, (double)Volatile.Read(ref _position) / recording.Length);
        var left = part > 0 ? Elapsed * ((1 - part) / part) : TimeSpan.Zero;
        return new StatusView(
            title,
            [
                new StatusSection(
                    "replay",
                    [
                        new StatusRow("position", string.Create(CultureInfo.InvariantCulture, $"{Bar(part)} {part:P0}")),
                        new StatusRow("frames", string.Create(CultureInfo.InvariantCulture, $"{Frames:N0}, {Rate:N0}/s")),
                        new StatusRow("recorded time", string.Create(CultureInfo.InvariantCulture, $"{Span:hh\\:mm\\:ss}")),
                        new StatusRow("left", string.Create(CultureInfo.InvariantCulture, $"{left:hh\\:mm\\:ss}")),
                    ]),
            ]);
    }

    private static string Bar(double part)
    {
        var full = (int)(part * 20);
        return $"[{new string('#', full)}{new string('.', 20 - full)}]";
    }
}
