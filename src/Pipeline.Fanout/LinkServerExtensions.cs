using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Pipeline.Fanout.Handshake;
using Pipeline.Fanout.Sockets;

namespace Pipeline.Fanout;

/// <summary>How links get in.</summary>
public static class LinkServerExtensions
{
    /// <summary>
    /// Serves links on this end point before, and without, the HTTP server. Call it last, after <c>UseHttps</c>; with other middleware that
    /// changes the bytes of a connection it does not go together.
    /// </summary>
    public static ListenOptions UseLinks(this ListenOptions options, LinkServer server)
    {
        options.Use(next => new LinkListener(next, server).OnConnectionAsync);
        return options;
    }

    /// <summary>
    /// Serves links whose handshake is not the first request of its connection: behind proxies that keep connections. Nothing else is touched.
    /// </summary>
    public static IApplicationBuilder UseLinks(this IApplicationBuilder app, LinkServer server) =>
        app.Use((context, next) => context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade && IsHandshake(context.Request)
            ? ServeAsync(context, upgrade, next, server)
            : next(context));

    private static bool IsHandshake(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && HandshakeRules.IsUpgrade(name => Header(request, name));

    private static string? Header(HttpRequest request, string name) =>
        request.Headers.TryGetValue(name, out var values) ? string.Join(',', values.AsEnumerable()) : null;

    private static async Task ServeAsync(HttpContext context, IHttpUpgradeFeature upgrade, RequestDelegate next, LinkServer server)
    {
        var http = context.Request;
        string? HeaderOf(string name) => Header(http, name);
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var request = new UpgradeRequest(http.Path.Value ?? "/", http.QueryString.Value ?? "", address, HeaderOf);
        var decision = HandshakeRules.Fault(HeaderOf) ?? server.Decide(request, out address);
        if (decision.Handler is null)
        {
            await (decision.Status == 0 ? next(context) : RefuseAsync(context.Response, decision));
            return;
        }

        var deflate = decision.Options.Compression && DeflateOffer.IsAcceptable(HeaderOf("Sec-WebSocket-Extensions"));
        var headers = context.Response.Headers;
        headers.Upgrade = "websocket";
        headers.Connection = "Upgrade";
        headers.SecWebSocketAccept = HandshakeRules.Accept(HeaderOf("Sec-WebSocket-Key")!);
        headers.SecWebSocketExtensions = deflate ? DeflateOffer.Answer : default;
        headers.SecWebSocketProtocol = decision.Subprotocol;
        var stream = await UpgradeAsync(upgrade);
        var transport = new PipeTransport(PipeReader.Create(stream), PipeWriter.Create(stream), context.Abort);
        server.LimitKernel(context.Features.Get<IConnectionSocketFeature>()?.Socket);
        await server.Open(transport, decision, address, deflate).RunAsync();
    }

    /// <summary>Where the client is gone already the link is opened all the same, and ends at once: so its handler hears of its end.</summary>
    private static async Task<Stream> UpgradeAsync(IHttpUpgradeFeature upgrade)
    {
        try
        {
            return await upgrade.UpgradeAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            return Stream.Null;
        }
    }

    private static Task RefuseAsync(HttpResponse response, LinkDecision decision)
    {
        response.StatusCode = decision.Status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (decision.RetryAfterSeconds > 0)
        {
            response.Headers.RetryAfter = decision.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (decision.Status == 426)
        {
            response.Headers.SecWebSocketVersion = "13";
        }

        var body = Encoding.UTF8.GetBytes(decision.Body ?? "{}");
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }
}
