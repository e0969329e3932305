using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Diagnostics;
using Pipeline.Gateway.Hosting;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Security;

namespace Pipeline.Gateway.Http;

/// <summary>
/// Around every request: headers, origins, tokens, and errors in one shape. What is thrown is logged here and told to nobody.
/// </summary>
internal sealed class ApiGate(SecurityHeaders headers, OriginPolicy origins, TokenGuard tokens, PipelineMetrics metrics, LastError errors, ILogger log)
{
    // Probes must work before anybody has a token, and the page asks for one.
    private static readonly string[] Guarded = ["/api", "/udf", "/metrics", Polling];

    // What is polled there is a connection like one of /ws, only slower: the same holds for it.
    private const string Polling = "/socket.io";

    // How long a browser may remember what a preflight allowed, seconds.
    private const string PreflightAge = "600";

    public async Task InvokeAsync(HttpContext call, Func<Task> next)
    {
        headers.Apply(call);
        ShareWithOrigin(call);
        if (IsAnswered(call) || !await IsOfAllowedOriginAsync(call) || !await HasTokenAsync(call))
        {
            return;
        }

        try
        {
            await next();
        }
        catch (OperationCanceledException) when (call.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault)
        {
            await TellAsync(call, fault);
            return;
        }

        // Who ends with a status alone, such as routing, is given the words.
        if (!call.Response.HasStarted && call.Response is { StatusCode: >= 400, ContentType: null, ContentLength: null })
        {
            await WriteAsync(call, ApiError.Of(call.Response.StatusCode));
        }
    }

    private static bool IsGuarded(PathString path)
    {
        foreach (var prefix in Guarded)
        {
            if (path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPolling(HttpContext call) => call.Request.Path.StartsWithSegments(Polling, StringComparison.OrdinalIgnoreCase);

    private static Task WriteAsync(HttpContext call, ApiError error) =>
        HttpMethods.IsHead(call.Request.Method) ? Task.CompletedTask : call.Response.WriteAsJsonAsync(error);

    /// <summary>A preflight needs no more than the headers.</summary>
    private static bool IsAnswered(HttpContext call)
    {
        if (!HttpMethods.IsOptions(call.Request.Method) || !call.Request.Headers.ContainsKey("Access-Control-Request-Method"))
        {
            return false;
        }

        var answer = call.Response;
        answer.StatusCode = StatusCodes.Status204NoContent;
        answer.Headers.AccessControlAllowMethods = "GET, POST";
        answer.Headers.AccessControlAllowHeaders = "Authorization, Content-Type";
        answer.Headers.AccessControlMaxAge = PreflightAge;
        return true;
    }

    /// <summary>
    /// Lets pages of the allowed origins read answers. Without the header a browser keeps the answer from the page; what would change
    /// something is refused by itself.
    /// </summary>
    private void ShareWithOrigin(HttpContext call)
    {
        var origin = call.Request.Headers.Origin.ToString();
        call.Response.Headers.Vary = "Origin";
        if (origin.Length > 0 && origins.Allows(origin, call.Request.Host.Value))
        {
            call.Response.Headers.AccessControlAllowOrigin = origin;
        }
    }

    private async Task<bool> IsOfAllowedOriginAsync(HttpContext call)
    {
        if (!IsPolling(call) || origins.Allows(call.Request.Headers.Origin, call.Request.Host.Value))
        {
            return true;
        }

        metrics.GatewayRefused("origin");
        call.Response.StatusCode = StatusCodes.Status403Forbidden;
        await WriteAsync(call, ApiError.Of(StatusCodes.Status403Forbidden, "Pages of this origin are not let in: see gateway.origins."));
        return false;
    }

    private async Task<bool> HasTokenAsync(HttpContext call)
    {
        if (tokens.IsOpen || !IsGuarded(call.Request.Path))
        {
            return true;
        }

        var result = tokens.Check(IsPolling(call)
            ? BearerToken.OfHandshake(name => call.Request.Headers[name], call.Request.QueryString.Value ?? "")
            : BearerToken.OfHeader(call.Request.Headers.Authorization));
        if (result.IsGood)
        {
            return true;
        }

        metrics.GatewayRefused("token");
        call.Response.StatusCode = StatusCodes.Status401Unauthorized;
        call.Response.Headers.WWWAuthenticate = result.Fault == TokenFault.Missing ? "Bearer" : "Bearer error=\"invalid_token\"";
        await WriteAsync(call, ApiError.Of(StatusCodes.Status401Unauthorized));
        return false;
    }

    private async Task TellAsync(HttpContext call, Exception fault)
    {
        var status = fault switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            HubUnavailableException => StatusCodes.Status503ServiceUnavailable,
            TimeoutException => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (status == StatusCodes.Status500InternalServerError)
        {
            errors.Tell("INTERNAL", "a request failed");
            GatewayLog.RequestFailed(log, call.GetEndpoint()?.DisplayName ?? "no path", fault);
        }

        if (call.Response.HasStarted)
        {
            call.Abort();
            return;
        }

        call.Response.StatusCode = status;
        var wait = status == StatusCodes.Status503ServiceUnavailable ? 1000 : 0;
        if (wait > 0)
        {
            call.Response.Headers.RetryAfter = "1";
        }

        await WriteAsync(call, ApiError.Of(status, retryAfterMs: wait));
    }
}
