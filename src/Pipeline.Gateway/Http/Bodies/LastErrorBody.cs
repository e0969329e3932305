using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>The newest error.</summary>
internal sealed record LastErrorBody(
    [property: Description("What went wrong.")] string Message,
    [property: Description("When; microseconds since the Unix epoch, UTC.")] long Timestamp);
