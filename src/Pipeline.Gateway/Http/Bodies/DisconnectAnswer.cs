using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>Answer of <c>POST /api/websocket/disconnect</c>.</summary>
internal sealed record DisconnectAnswer([property: Description("Clients disconnected: 1.")] int Disconnected);
