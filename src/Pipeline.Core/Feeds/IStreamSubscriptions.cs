namespace Pipeline.Core.Feeds;

/// <summary>What streams can be subscribed to at, while it runs.</summary>
public interface IStreamSubscriptions
{
    /// <summary>
    /// Wishes for a stream; who else wishes for it shares it. Disposing of the answer takes the wish back. Returns at once.
    /// </summary>
    IDisposable Subscribe(FeedStream stream);
}
