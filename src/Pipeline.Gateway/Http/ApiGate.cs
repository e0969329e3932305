using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Fanout;
using Pipeline.Gateway.Diagnostics;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Security;

namespace Pipeline.Gateway.Http;

/// <summary>
/// Around every request: who asks, headers, origins, rates, tokens, and errors in one shape. What is thrown is logged here and told to nobody.
/// </summary>
internal sealed class ApiGate(
    GatewayOptions options, OriginPolicy origins, TokenGuard tokens, AddressLimiter limiter, PipelineMetrics metrics, LastError errors, ILogger log)
{
    // Probes must work before anybody has a token, and the page asks for one.
    private static readonly string[] Guarded = ["/api", "/udf", "/metrics", Polling];

    // What is polled there is a connection like one of /ws, only slower: the same holds for it.
    private const string Polling = "/socket.io";

    private readonly SecurityHeaders _headers = new(options.Listen.Scheme == "https");

    public async Task InvokeAsync(HttpContext call, Func<Task> next)
    {
        // From here on the peer is whom a trusted proxy names.
        call.Connection.RemoteIpAddress = Addresses.Resolve(
            call.Connection.RemoteIpAddress ?? IPAddress.None, call.Request.Headers["X-Forwarded-For"], options.TrustedProxies);
        _headers.Apply(call);
        var mayRead = origins.Share(call);
        if (OriginPolicy.IsPreflight(call.Request))
        {
            OriginPolicy.AnswerPreflight(call.Response);
            return;
        }

        if (IsGuarded(call.Request.Path) && JudgeAsync(call, mayRead) is { } refusal)
        {
            await refusal;
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

    /// <summary>Null when the request may go on, else what tells it that it may not.</summary>
    private Task? JudgeAsync(HttpContext call, bool mayRead)
    {
        // Without the header of its origin a browser keeps an answer from the page; a connection would be open all the same.
        if (IsPolling(call) && !mayRead)
        {
            return RefuseAsync(call, "origin", StatusCodes.Status403Forbidden, "Pages of this origin are not let in: see gateway.origins.");
        }

        var admission = limiter.TryRequest(call.Connection.RemoteIpAddress!, out var wait);
        if (admission != Admission.Admitted)
        {
            return admission == Admission.Full
                ? RefuseAsync(call, "full", StatusCodes.Status503ServiceUnavailable, null, wait)
                : RefuseAsync(call, "requests", StatusCodes.Status429TooManyRequests, "This address asks too often.", wait);
        }

        var token = tokens.IsOpen ? TokenFault.None : tokens.Check(TokenOf(call));
        if (token.IsGood || (token.Fault == TokenFault.Missing && IsPolling(call)))
        {
            // Who polls may send its token later, when it joins: until then it gets nothing, and not for long.
            return null;
        }

        call.Response.Headers.WWWAuthenticate = token.Fault == TokenFault.Missing ? "Bearer" : "Bearer error=\"invalid_token\"";
        return RefuseAsync(call, "token", StatusCodes.Status401Unauthorized);
    }

    private static string? TokenOf(HttpContext call) => IsPolling(call)
        ? BearerToken.OfHandshake(name => call.Request.Headers[name], call.Request.QueryString.Value ?? "")
        : BearerToken.OfHeader(call.Request.Headers.Authorization);

    private Task RefuseAsync(HttpContext call, string reason, int status, string? message = null, TimeSpan wait = default)
    {
        metrics.GatewayRefused(reason);
        call.Response.StatusCode = status;
        if (wait > TimeSpan.Zero)
        {
            call.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return WriteAsync(call, ApiError.Of(status, message, (long)Math.Ceiling(wait.TotalMilliseconds)));
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
