using Microsoft.AspNetCore.Http;

namespace Pipeline.Simulator.Control;

/// <summary>
/// <c>POST /frames</c>: the body, whatever it is, as one frame to all connections or to <c>?connection=</c>. What a venue never
/// should send, and sometimes does, comes from here.
/// </summary>
internal static class FrameRoutes
{
    public static async Task SendAsync(HttpContext context, SimulatorState state)
    {
        var opcode = context.Request.Query["opcode"].ToString() switch
        {
            "" or "text" => Opcode.Text,
            "binary" => Opcode.Binary,
            var other => throw new ControlException(StatusCodes.Status400BadRequest, $"opcode must be text or binary, not '{other}'."),
        };
        var id = context.Request.Query["connection"].ToString();
        var targets = id.Length == 0 ? state.Connections.Open : [ConnectionRoutes.Find(context, state, id)];
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var frame = body.GetBuffer().AsMemory(0, (int)body.Length);
        await JsonAnswer.WriteAsync(context, new
        {
            Sent = targets.Count(session => session.Connection.Send(opcode, frame.Span)),
            Bytes = frame.Length,
        });
    }
}
