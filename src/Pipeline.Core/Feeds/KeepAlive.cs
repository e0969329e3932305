namespace Pipeline.Core.Feeds;

/// <summary>A message that keeps a connection alive where the venue wants one from us.</summary>
/// <param name="Message">What is sent.</param>
/// <param name="Interval">After so long without a frame (or, when <paramref name="Always"/>, so long after the last one sent) it is sent.</param>
/// <param name="AnswerTimeout">If no frame of any kind follows within this time, the connection is dead and is replaced.</param>
/// <param name="Always">True where the venue wants it even while data flows.</param>
public sealed record KeepAlive(ReadOnlyMemory<byte> Message, TimeSpan Interval, TimeSpan AnswerTimeout, bool Always = false);
