using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Pipeline.Fanout.Handshake;

/// <summary>Answers to handshakes, written without the HTTP server.</summary>
internal static class Replies
{
    public const string TooSlow = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    /// <summary>101. Returns its length.</summary>
    public static int Switching(Span<byte> target, string key, bool deflate, string? subprotocol)
    {
        var length = Add(target, 0, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ");
        length = Add(target, length, HandshakeRules.Accept(key));
        if (deflate)
        {
            length = Add(target, length, "\r\nSec-WebSocket-Extensions: " + DeflateOffer.Answer);
        }

        if (subprotocol is not null)
        {
            length = Add(target, length, "\r\nSec-WebSocket-Protocol: ");
            length = Add(target, length, subprotocol);
        }

        return Add(target, length, "\r\n\r\n");
    }

    /// <summary>A refusal; the connection ends with it.</summary>
    public static byte[] Refusal(LinkDecision decision)
    {
        var body = decision.Body ?? "{}";
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {decision.Status} {ReasonPhrases.GetReasonPhrase(decision.Status)}\r\n")
            .Append("Content-Type: application/json\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n")
            .Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        if (decision.RetryAfterSeconds > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Retry-After: {decision.RetryAfterSeconds}\r\n");
        }

        if (decision.Status == 426)
        {
            text.Append("Sec-WebSocket-Version: 13\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(body).ToString());
    }

    private static int Add(Span<byte> target, int at, string text) => at + Encoding.ASCII.GetBytes(text, target[at..]);
}
