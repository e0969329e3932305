namespace Pipeline.Core.Feeds;

/// <summary>A request ready to be sent.</summary>
/// <param name="Id">Under which the venue acknowledges it.</param>
/// <param name="Streams">The names in it.</param>
/// <param name="Payload">The message, UTF-8.</param>
public sealed record SubscriptionRequest(
    long Id, SubscriptionAction Action, IReadOnlyList<string> Streams, ReadOnlyMemory<byte> Payload);
