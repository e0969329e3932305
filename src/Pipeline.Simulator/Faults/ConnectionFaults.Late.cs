namespace Pipeline.Simulator.Faults;

/// <summary>Frames that come once more after their stream was unsubscribed. Kept only while such a fault is on, and bounded.</summary>
internal sealed partial class ConnectionFaults
{
    private const int FramesKept = 50;
    private const int MostKeptBytes = 8 * 1024 * 1024;

    private readonly Dictionary<string, Queue<byte[]>> _recent = new(StringComparer.Ordinal);
    private long _recentBytes;

    private void Remember(string stream, ReadOnlySpan<byte> frame)
    {
        if (Find(FaultId.F33, stream) is null && Find(FaultId.F34, stream) is null)
        {
            return;
        }

        if (!_recent.TryGetValue(stream, out var frames))
        {
            _recent[stream] = frames = new Queue<byte[]>();
        }

        while (frames.Count >= FramesKept || (frames.Count > 0 && _recentBytes + frame.Length > MostKeptBytes))
        {
            _recentBytes -= frames.Dequeue().Length;
        }

        if (_recentBytes + frame.Length <= MostKeptBytes)
        {
            frames.Enqueue(frame.ToArray());
            _recentBytes += frame.Length;
        }
    }

    /// <summary>Their last frames over a while.</summary>
    private void SendLater(IReadOnlyList<string> streams)
    {
        foreach (var stream in streams)
        {
            if (!_recent.TryGetValue(stream, out var kept) || kept.Count == 0 || Strike(FaultId.F34, stream) is not { } late)
            {
                continue;
            }

            var frames = kept.ToArray();
            var lasting = late.Values.Duration("lasting");
            var steps = (int)Math.Clamp(lasting / LateStep, 1, frames.Length);
            for (var i = 0; i < steps; i++)
            {
                var frame = frames[^(steps - i)];
                Later(lasting * (i + 1) / steps, () => Emit(_connection!, frame));
            }
        }
    }

    /// <summary>Their last frames at once; what was kept is forgotten.</summary>
    private void SendOld(IReadOnlyList<string> streams)
    {
        foreach (var stream in streams)
        {
            if (!_recent.Remove(stream, out var frames))
            {
                continue;
            }

            _recentBytes -= frames.Sum(frame => frame.Length);
            if (frames.Count > 0 && Strike(FaultId.F33, stream) is { } storm)
            {
                foreach (var frame in frames.TakeLast((int)storm.Values.Whole("updates")))
                {
                    Emit(_connection!, frame);
                }
            }
        }
    }
}
