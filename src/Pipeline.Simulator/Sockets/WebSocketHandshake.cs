using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pipeline.Simulator.Sockets;

/// <summary>The server's half of the opening handshake; extensions and sub-protocols are declined by not naming them.</summary>
internal static class WebSocketHandshake
{
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>The stream after the 101 answer; null when the request was no proper handshake and has been answered so.</summary>
    public static async Task<Stream?> AcceptAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        if (upgrade is not { IsUpgradableRequest: true } || !Mentions(headers.Upgrade, "websocket"))
        {
            await RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "This address speaks WebSocket.");
            return null;
        }

        if (headers.SecWebSocketVersion != "13")
        {
            headers = context.Response.Headers;
            headers.SecWebSocketVersion = "13";
            await RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "Only WebSocket version 13 is spoken here.");
            return null;
        }

        var key = headers.SecWebSocketKey.ToString();
        if (!IsKey(key))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Sec-WebSocket-Key must be 16 bytes in base64.");
            return null;
        }

        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = Accept(key);
        return await upgrade.UpgradeAsync();
    }

    /// <summary>Answers without upgrading.</summary>
    public static async Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

#pragma warning disable CA5350 // RFC 6455 prescribes SHA-1 here; it proves understanding, not identity.
    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[16];
        return key.Length == 24 && Convert.TryFromBase64String(key, bytes, out var length) && length == 16;
    }

    private static bool Mentions(string? header, string token) =>
        header is not null && header.Split(',', StringSplitOptions.TrimEntries).Contains(token, StringComparer.OrdinalIgnoreCase);
}
