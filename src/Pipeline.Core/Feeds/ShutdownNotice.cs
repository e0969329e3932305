namespace Pipeline.Core.Feeds;

/// <summary>A venue said that it is about to end the connection.</summary>
/// <param name="Words">Its frame, the first 256 bytes of it.</param>
public sealed record ShutdownNotice(string Words);
