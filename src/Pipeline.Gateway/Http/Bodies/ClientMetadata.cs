using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>More of a client.</summary>
internal sealed record ClientMetadata(
    [property: Description("Address of the client, or whom a trusted proxy names.")] string Address,
    [property: Description("sub of its token; null without one.")] string? Subject,
    [property: Description("Filters it has.")] int Filters,
    [property: Description("Streams these stand for.")] int Streams,
    [property: Description("Messages it has sent.")] long MessagesReceived,
    [property: Description("Bytes that wait for it.")] long WaitingBytes);
