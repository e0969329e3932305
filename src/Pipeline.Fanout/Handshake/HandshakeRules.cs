using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Fanout.Handshake;

/// <summary>The opening handshake, RFC 6455 §4.2.</summary>
internal static class HandshakeRules
{
    private const int KeyLength = 24;

    private static readonly LinkDecision BadVersion = Refusal(426, "this server speaks WebSocket version 13");
    private static readonly LinkDecision BadKey = Refusal(400, "Sec-WebSocket-Key must be 16 bytes in base64");

    /// <summary>Whether the client wants a WebSocket at all.</summary>
    public static bool IsUpgrade(Func<string, string?> header) =>
        HasToken(header("Upgrade"), "websocket") && HasToken(header("Connection"), "upgrade");

    /// <summary>What is wrong with a handshake; null when nothing is.</summary>
    public static LinkDecision? Fault(Func<string, string?> header) =>
        header("Sec-WebSocket-Version") != "13" ? BadVersion : IsKey(header("Sec-WebSocket-Key")) ? null : BadKey;

    /// <summary>The proof that the handshake was understood.</summary>
    public static string Accept(string key)
    {
        Span<byte> text = stackalloc byte[KeyLength + 36];
        Encoding.ASCII.GetBytes(key, text);
        "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.CopyTo(text[KeyLength..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // Reason: the protocol names SHA-1; it proves that the handshake was read and protects nothing.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    /// <summary>Whether a list of a header holds a word.</summary>
    public static bool HasToken(string? list, string token)
    {
        foreach (var range in list.AsSpan().Split(','))
        {
            if (list.AsSpan()[range].Trim().Equals(token, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsKey(string? key)
    {
        Span<byte> bytes = stackalloc byte[18];
        return key is { Length: KeyLength } && Convert.TryFromBase64String(key, bytes, out var length) && length == 16;
    }

    private static LinkDecision Refusal(int status, string message) =>
        new() { Status = status, Body = $$"""{"code":"BAD_HANDSHAKE","message":"{{message}}"}""" };
}
