using System.Text.Json;

namespace Pipeline.Venues.Binance;

/// <summary>
/// What Binance says of a connection's end: <c>{"e":"serverShutdown","E":…}</c>, on combined connections under the stream
/// <c>!serverShutdown</c> (<c>web-socket-streams.md</c>, 2026-06-09; no lead time is promised).
/// </summary>
internal static class BinanceNotice
{
    /// <summary>Bytes; three times what the venue sends. Longer frames are not searched.</summary>
    private const int Longest = 256;

    public static bool IsShutdown(ReadOnlySpan<byte> frame) =>
        frame.Length <= Longest && !IsOrdinary(frame) && frame.IndexOf("\"serverShutdown\""u8) >= 0 && Says(frame);

    /// <summary>By the first bytes, for nearly all frames: an event of another name, or of a stream that is an instrument's.</summary>
    private static bool IsOrdinary(ReadOnlySpan<byte> frame) =>
        frame.StartsWith("{\"stream\":\""u8) ? frame.Length > 11 && frame[11] != (byte)'!'
        : frame.StartsWith("{\"e\":\""u8) ? frame.Length > 6 && frame[6] != (byte)'s'
        : frame.StartsWith("{\"u\":"u8);

    private static bool Says(ReadOnlySpan<byte> frame)
    {
        try
        {
            var json = new Utf8JsonReader(frame);
            return json.Read() && json.TokenType == JsonTokenType.StartObject && Names(ref json, mayBeWrapped: true);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether the object the reader stands in is the event, or holds it as <c>data</c>.</summary>
    private static bool Names(ref Utf8JsonReader json, bool mayBeWrapped)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isEvent, isData) = (json.ValueTextEquals("e"u8), mayBeWrapped && json.ValueTextEquals("data"u8));
            json.Read();
            if (isEvent && json.TokenType == JsonTokenType.String)
            {
                return json.ValueTextEquals("serverShutdown"u8);
            }

            if (isData && json.TokenType == JsonTokenType.StartObject)
            {
                return Names(ref json, mayBeWrapped: false);
            }

            json.Skip();
        }

        return false;
    }
}
