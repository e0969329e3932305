using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Simulator;

/// <summary>Writes answers of the control port.</summary>
internal static class JsonAnswer
{
    /// <summary>How the simulator writes JSON.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Task WriteAsync(HttpContext context, object answer) =>
        context.Response.WriteAsJsonAsync(answer, answer.GetType(), Options, context.RequestAborted);

    /// <summary>Answers <c>{"error": "..."}</c>.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new { error });
    }
}
