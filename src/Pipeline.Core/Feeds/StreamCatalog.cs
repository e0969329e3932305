using System.Collections.Concurrent;

namespace Pipeline.Core.Feeds;

/// <summary>What the streams of a venue carry, by the venue's names. Safe from several threads.</summary>
public sealed class StreamCatalog
{
    private readonly ConcurrentDictionary<string, FeedStream> _streams = new(StringComparer.Ordinal);

    public IEnumerable<FeedStream> All => _streams.Values;

    public void Add(FeedStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _streams[stream.Name] = stream;
    }

    public void Remove(string name) => _streams.TryRemove(name, out _);

    /// <summary>Null when nothing is known of it.</summary>
    public FeedStream? Find(string name) => _streams.GetValueOrDefault(name);

    /// <summary>Importance of a stream, lower first; one that is not known comes last.</summary>
    public int RankOf(string name) => Find(name)?.Rank ?? int.MaxValue;
}
