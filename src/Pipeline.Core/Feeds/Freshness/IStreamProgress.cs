namespace Pipeline.Core.Feeds.Freshness;

/// <summary>How far each stream has come over which socket.</summary>
public interface IStreamProgress
{
    /// <summary>
    /// True once the stream's data came over <paramref name="socket"/> without a hole to what older sockets brought: its first id is at
    /// most one above their newest, or, where ids tell nothing, both have brought data.
    /// </summary>
    bool Carries(FeedStream stream, long socket);
}
