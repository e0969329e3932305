using System.ComponentModel;
using System.Text.Json;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>Answer of <c>GET /api/streams</c>.</summary>
internal sealed record StreamsAnswer(
    [property: Description("The gateway's clock; microseconds since the Unix epoch, UTC.")] long Time,
    [property: Description("Streams that fit the parameters, listed here or not.")] int Total,
    [property: Description("Position of the first one listed.")] int Offset,
    IReadOnlyList<StreamBody> Streams,
    [property: Description("What each collector said last of each of its venues: records of md.status.")] IReadOnlyList<JsonElement> Collectors);
