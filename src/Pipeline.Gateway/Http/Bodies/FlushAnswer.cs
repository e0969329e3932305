using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>Answer of <c>POST /api/websocket/flush</c>.</summary>
internal sealed record FlushAnswer(
    [property: Description("Clients something was written or published for.")] int Clients,
    [property: Description("Messages that conflation or rates held back and that are on their way now.")] long Messages,
    [property: Description("Their payload, bytes.")] long Bytes);
