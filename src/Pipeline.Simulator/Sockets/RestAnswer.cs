using Microsoft.AspNetCore.Http;

namespace Pipeline.Simulator.Sockets;

/// <summary>Writes what a venue's REST interface answers.</summary>
internal static class RestAnswer
{
    public const string Json = "application/json; charset=utf-8";

    /// <param name="context">The request.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="body">JSON.</param>
    public static Task WriteAsync(HttpContext context, int status, FrameBuilder body) =>
        WriteAsync(context, status, body.Payload.ToArray(), Json);

    /// <summary>As above, with the content type as the venue spells it.</summary>
    public static async Task WriteAsync(HttpContext context, int status, byte[] body, string contentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
