namespace Pipeline.TestKit.Feeds;

/// <summary>A message the client sent.</summary>
/// <param name="Time">Virtual time since the transport's clock started.</param>
public sealed record SentMessage(TimeSpan Time, string Text);
