using System.Text.Json;

namespace Pipeline.Venues.Okx;

/// <summary>
/// What OKX says of a connection's end: <c>{"event":"notice","code":"64008",…}</c>, about a minute ahead, on all paths since 2026-06-11
/// (documentation and change log of 2026-07-28).
/// </summary>
internal static class OkxNotice
{
    /// <summary>Bytes; several times what the venue sends. Longer frames are not searched.</summary>
    private const int Longest = 1024;

    public static bool IsShutdown(ReadOnlySpan<byte> frame) =>
        frame.Length <= Longest && !OkxReply.LooksLikeData(frame) && frame.IndexOf("64008"u8) >= 0 && Says(frame);

    private static bool Says(ReadOnlySpan<byte> frame)
    {
        try
        {
            var json = new Utf8JsonReader(frame);
            var (isNotice, isShutdown) = (false, false);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var (isEvent, isCode) = (json.ValueTextEquals("event"u8), json.ValueTextEquals("code"u8));
                json.Read();
                isNotice |= isEvent && json.TokenType == JsonTokenType.String && json.ValueTextEquals("notice"u8);
                isShutdown |= isCode && (json.TokenType == JsonTokenType.String ? json.ValueTextEquals("64008"u8)
                    : json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var code) && code == 64008);
                json.Skip();
            }

            return isNotice && isShutdown;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
