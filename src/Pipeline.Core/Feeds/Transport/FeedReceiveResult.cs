namespace Pipeline.Core.Feeds.Transport;

/// <summary>What one receive brought.</summary>
/// <param name="Count">Bytes written to the buffer.</param>
/// <param name="EndOfMessage">Whether they end a message.</param>
/// <param name="IsClose">The other side closes; no bytes.</param>
public readonly record struct FeedReceiveResult(int Count, bool EndOfMessage, bool IsClose = false);
