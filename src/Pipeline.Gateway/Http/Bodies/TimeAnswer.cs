using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>Answer of <c>GET /api/time</c>.</summary>
internal sealed record TimeAnswer(
    [property: Description("Microseconds since the Unix epoch, UTC.")] long ServerTime,
    [property: Description("Whole seconds since the Unix epoch.")] long Unix);
