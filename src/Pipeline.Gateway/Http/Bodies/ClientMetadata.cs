using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>More of a client.</summary>
internal sealed record ClientMetadata(
    [property: Description("Address of the client, or whom a trusted proxy names; null unless the operator asks.")] string? Address,
    [property: Description("sub of its token; null without one, and unless the operator asks.")] string? Subject,
    [property: Description("Filters it has; null over Socket.IO, which has none.")] int? Filters,
    [property: Description("Streams it is subscribed to; rooms at the candle service.")] int Streams,
    [property: Description("Messages it has sent.")] long MessagesReceived,
    [property: Description("Bytes that wait for it.")] long WaitingBytes);
