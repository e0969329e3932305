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

    private void SendLate(IEnumerable<string> streams)
    {
        lock (_gate)
        {
            foreach (var stream in streams)
            {
                if (!_recent.Remove(stream, out var frames))
                {
                    continue;
                }

                _recentBytes -= frames.Sum(frame => frame.Length);
                SendLate(stream, [.. frames]);
            }

            Settle();
        }

        _connection!.Wake();
    }

    private void SendLate(string stream, byte[][] frames)
    {
        if (Strike(FaultId.F33, stream) is { } storm)
        {
            foreach (var frame in frames.TakeLast((int)storm.Values.Whole("updates")))
            {
                Emit(_connection!, frame);
            }
        }

        if (Strike(FaultId.F34, stream) is { } late)
        {
            var steps = (int)Math.Clamp(late.Values.Duration("lasting") / LateStep, 1, frames.Length);
            for (var i = 0; i < steps; i++)
            {
                var frame = frames[^(steps - i)];
                Later(late.Values.Duration("lasting") * (i + 1) / steps, () => Emit(_connection!, frame));
            }
        }
    }
}
