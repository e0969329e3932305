using System.Text;
using Microsoft.AspNetCore.Http;

namespace Pipeline.SocketIo.Tests.Wire;

/// <summary>Polling requests without a network.</summary>
internal static class Requests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<Response> SendAsync(
        Func<HttpContext, Task> server, string method, string query, string? body = null, string? origin = null, CancellationToken aborted = default)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.QueryString = new QueryString(query);
        context.RequestAborted = aborted;
        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        if (body is not null)
        {
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        }

        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await server(context).WaitAsync(Patience, CancellationToken.None);
        return new Response(context.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()), context.Response.Headers);
    }
}
