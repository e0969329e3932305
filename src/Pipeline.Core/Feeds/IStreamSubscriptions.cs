namespace Pipeline.Core.Feeds;

/// <summary>What streams can be subscribed to at, while it runs.</summary>
public interface IStreamSubscriptions
{
    /// <summary>
    /// Wishes for a stream; who else wishes for it shares it. Disposing of the answer takes the wish back. Returns at once.
    /// </summary>
    IDisposable Subscribe(FeedStream stream);

    /// <summary>A stream that is wished for shall be carried otherwise, such as over two legs: it moves, and loses nothing. Returns at once.</summary>
    void Update(FeedStream stream);
}
