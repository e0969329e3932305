using System.Text.Json;
using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Binance;

/// <summary>
/// Answers to requests: <c>{"result":null,"id":1}</c>, <c>{"error":{"code":3,"msg":"…"},"id":1}</c>, and the flat error
/// <c>{"code":2,"msg":"…"}</c> that the documentation prints while the wire nests it.
/// </summary>
internal static class BinanceReply
{
    /// <summary>Bytes; three times what the venue sends. Longer frames are not searched.</summary>
    private const int LongestShutdown = 256;

    /// <summary>True for frames that begin as market data does: almost all, told by a glance.</summary>
    public static bool LooksLikeData(ReadOnlySpan<byte> frame) =>
        frame.StartsWith("{\"stream\":"u8) || frame.StartsWith("{\"e\":"u8) || frame.StartsWith("{\"u\":"u8)
        || frame.StartsWith("{\"lastUpdateId\":"u8);

    /// <summary>
    /// Whether a frame brings market data: no answer, and not <c>{"e":"serverShutdown","E":…}</c>, alone or under a stream's name
    /// (<c>web-socket-streams.md</c>, 2026-06-09).
    /// </summary>
    public static bool IsData(ReadOnlySpan<byte> frame) =>
        !(frame.Length <= LongestShutdown && frame.IndexOf("\"serverShutdown\""u8) >= 0) && !TryRead(frame, out _);

    public static bool TryRead(ReadOnlySpan<byte> frame, out SubscriptionReply reply)
    {
        reply = default;
        if (LooksLikeData(frame) || frame.Length > 64 * 1024)
        {
            return false;
        }

        try
        {
            return TryReadObject(new Utf8JsonReader(frame), out reply);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadObject(Utf8JsonReader json, out SubscriptionReply reply)
    {
        reply = default;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var isReply = false;
        long? id = null;
        string? error = null;
        int? code = null;
        string? message = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("result"u8))
            {
                isReply = true;
                json.Read();
                json.Skip();
            }
            else if (json.ValueTextEquals("id"u8))
            {
                json.Read();
                id = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) ? number : null;
                json.Skip();
            }
            else if (json.ValueTextEquals("error"u8))
            {
                isReply = true;
                json.Read();
                error = ReadError(ref json);
            }
            else if (json.ValueTextEquals("code"u8))
            {
                json.Read();
                code = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var value) ? value : null;
                json.Skip();
            }
            else if (json.ValueTextEquals("msg"u8))
            {
                json.Read();
                message = json.TokenType == JsonTokenType.String ? json.GetString() : null;
                json.Skip();
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        if (!isReply && code is not null && message is not null)
        {
            isReply = true;
            error = $"{message} (code {code})";
        }

        // The rest must be read too: a frame with rubbish behind the object is no answer.
        while (json.Read())
        {
        }

        reply = new SubscriptionReply(id, null, error);
        return isReply;
    }

    private static string ReadError(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return "the venue refused the request without saying why";
        }

        using var document = JsonDocument.ParseValue(ref json);
        var code = document.RootElement.TryGetProperty("code", out var codeValue) ? codeValue.ToString() : "?";
        var message = document.RootElement.TryGetProperty("msg", out var messageValue) ? messageValue.ToString() : "no message";
        return $"{message} (code {code})";
    }
}
