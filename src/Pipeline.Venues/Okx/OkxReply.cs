using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Okx;

/// <summary>
/// Answers to requests: one acknowledgement per stream, <c>{"id":"1","event":"subscribe","arg":{…}}</c>, and errors,
/// <c>{"id":"1","event":"error","code":"60018","msg":"…"}</c>, which name the stream in their text alone. Notices, connection counts and
/// logins are events too, and answer nothing; neither does the bare <c>pong</c>.
/// </summary>
internal static partial class OkxReply
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>True for frames that begin as market data does: almost all, told by a glance.</summary>
    public static bool LooksLikeData(ReadOnlySpan<byte> frame) => frame.StartsWith("{\"arg\":"u8);

    public static bool TryRead(ReadOnlySpan<byte> frame, out SubscriptionReply reply)
    {
        reply = default;

        // No frame without an event is an answer; looking for the word is much cheaper than reading a book in an odd order.
        if (LooksLikeData(frame) || frame.Length is 0 or > MaxBytes || frame[0] != (byte)'{' || frame.IndexOf("\"event\""u8) < 0)
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
        var frame = default(Fields);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("arg"u8))
            {
                json.Read();
                frame.Stream = ReadArg(ref json);
            }
            else if (json.ValueTextEquals("data"u8))
            {
                // Market data, whatever else it says.
                reply = default;
                return false;
            }
            else
            {
                ReadText(ref json, ref frame);
            }
        }

        // The rest must be read too: a frame with rubbish behind the object is no answer.
        while (json.Read())
        {
        }

        return TryMakeReply(frame, out reply);
    }

    private static bool TryMakeReply(in Fields frame, out SubscriptionReply reply)
    {
        switch (frame.Event)
        {
            case "subscribe" or "unsubscribe" when frame.Stream is not null:
                reply = new SubscriptionReply(frame.Id, frame.Stream, null);
                return true;
            case "error":
                var message = frame.Message ?? "the venue refused the request without saying why";
                reply = new SubscriptionReply(frame.Id, frame.Stream ?? StreamIn(message), $"{message} (code {frame.Code ?? "?"})")
                {
                    Cause = CauseOf(frame.Code),
                };
                return true;
            default:
                reply = default;
                return false;
        }
    }

    /// <summary>60014 is "Requests too frequent", 64007 "Operation failed due to WebSocket internal error. Please try again later."</summary>
    private static RefusalCause CauseOf(string? code) => code is "60014" or "64007" ? RefusalCause.Busy : RefusalCause.Request;

    private static void ReadText(ref Utf8JsonReader json, ref Fields frame)
    {
        var name = json.ValueTextEquals("event"u8) ? 'e'
            : json.ValueTextEquals("id"u8) ? 'i'
            : json.ValueTextEquals("code"u8) ? 'c'
            : json.ValueTextEquals("msg"u8) ? 'm'
            : ' ';
        json.Read();
        var text = json.TokenType == JsonTokenType.String && name != ' ' ? json.GetString() : null;
        switch (name)
        {
            case 'e':
                frame.Event = text;
                break;
            case 'i':
                frame.Id = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
                break;
            case 'c':
                frame.Code = text;
                break;
            case 'm':
                frame.Message = text;
                break;
            default:
                break;
        }

        json.Skip();
    }

    /// <summary>The stream of an <c>arg</c>; null when it names no channel.</summary>
    private static string? ReadArg(ref Utf8JsonReader json)
    {
        string? channel = null;
        string? target = null;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isChannel = json.ValueTextEquals("channel"u8);
            var isTarget = json.ValueTextEquals("instId"u8) || json.ValueTextEquals("instType"u8) || json.ValueTextEquals("instFamily"u8);
            json.Read();
            var text = json.TokenType == JsonTokenType.String && (isChannel || isTarget) ? json.GetString() : null;
            channel = isChannel ? text : channel;
            target = isTarget ? target ?? text : target;
            json.Skip();
        }

        return channel is null ? null : OkxStreams.NameOf(channel, target);
    }

    private static string? StreamIn(string message)
    {
        var named = NamedStream().Match(message);
        return named.Success ? OkxStreams.NameOf(named.Groups[1].Value, named.Groups[2].Value) : null;
    }

    /// <summary>
    /// As in "Wrong URL or channel:candle1s,instId:BTC-USDT-SWAP doesn't exist." of code 60018; the words before it changed over the years
    /// (documentation, and okx-api#106 of 2025-03), these did not.
    /// </summary>
    [GeneratedRegex("channel:([^, ]+),\\s*inst(?:Id|Type|Family):(\\S+) doesn't exist", RegexOptions.CultureInvariant)]
    private static partial Regex NamedStream();

    private struct Fields
    {
        public string? Event;
        public long? Id;
        public string? Code;
        public string? Message;
        public string? Stream;
    }
}
