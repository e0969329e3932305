using Microsoft.AspNetCore.Http;

namespace Pipeline.Simulator.Sockets;

/// <summary>Writes what a venue's REST interface answers.</summary>
internal static class RestAnswer
{
    /// <param name="context">The request.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="body">JSON.</param>
    public static async Task WriteAsync(HttpContext context, int status, FrameBuilder body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(body.Payload.ToArray(), context.RequestAborted);
    }
}
