namespace Pipeline.Core.Sequencing;

/// <summary>
/// The newest ids of a channel whose ids tell copies apart and nothing else: those of the last ten minutes, and never fewer than a
/// bound. Beyond another bound the oldest is forgotten whatever its age.
/// </summary>
internal sealed class RecentIds(int least = RecentIds.DefaultLeast, int most = RecentIds.DefaultMost)
{
    /// <summary>So long a copy may come after the first, microseconds.</summary>
    public const long Window = 600_000_000;

    public const int DefaultLeast = 4_096;

    /// <summary>Ten minutes of 430 trades a second, at most 12 MB; only an instrument that trades so much reaches it.</summary>
    public const int DefaultMost = 262_144;

    private readonly HashSet<long> _known = [];
    private readonly Queue<(long Id, long Time)> _byAge = new();

    public int Count => _byAge.Count;

    public bool Contains(long id) => _known.Contains(id);

    /// <summary>The newest ones, oldest of them first.</summary>
    public long[] Newest(int most) => [.. _byAge.Skip(Math.Max(0, _byAge.Count - most)).Select(one => one.Id)];

    /// <summary>False when the id is among those remembered.</summary>
    /// <param name="now">Lane time, microseconds.</param>
    public bool TryAdd(long id, long now)
    {
        if (!_known.Add(id))
        {
            return false;
        }

        _byAge.Enqueue((id, now));
        while (_byAge.Count > most || (_byAge.Count > least && now - _byAge.Peek().Time > Window))
        {
            _known.Remove(_byAge.Dequeue().Id);
        }

        return true;
    }
}
