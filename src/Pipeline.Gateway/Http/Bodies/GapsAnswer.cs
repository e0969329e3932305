using System.ComponentModel;
using System.Text.Json;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>Answer of <c>GET /api/gaps</c>.</summary>
internal sealed record GapsAnswer(
    [property: Description("The gateway's clock; microseconds since the Unix epoch, UTC.")] long Time,
    [property: Description("Open holes that fit the parameters, listed here or not.")] int TotalOpen,
    [property: Description("Open holes as md.gaps tells them (schema gap/1).")] IReadOnlyList<JsonElement> Open,
    [property: Description("The newest that are closed, newest first, as md.gaps tells them.")] IReadOnlyList<JsonElement> Recent);
