using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// Answers, each to a whole request: <c>{"success":true,"ret_msg":"subscribe","conn_id":"…","req_id":"7","op":"subscribe"}</c>. A
/// refusal says why in <c>ret_msg</c> and may leave <c>req_id</c> empty. The pong has the same members and <c>"op":"ping"</c>
/// (<c>"pong"</c> on options): it answers no request of ours. Seen live 2026-10-02.
/// </summary>
internal static class BybitReply
{
    private const int Longest = 64 * 1024;

    /// <summary>True for frames that begin as market data does: all but answers, told by a glance.</summary>
    public static bool LooksLikeData(ReadOnlySpan<byte> frame) => frame.StartsWith("{\"topic\":"u8);

    public static bool TryRead(ReadOnlySpan<byte> frame, out SubscriptionReply reply)
    {
        reply = default;
        if (!TryReadMembers(frame, out var members) || members.Success is not { } success || members.IsPong)
        {
            return false;
        }

        var error = success ? null : members.Message ?? "the venue refused the request without saying why";
        reply = new SubscriptionReply(members.Id, null, error) { Cause = CauseOf(error) };

        // Success of something else, such as a login, confirms no stream.
        return !success || members.IsSubscription;
    }

    /// <summary>"error:already subscribed,topic:…" refuses the whole request, though nothing is wrong with it.</summary>
    private static RefusalCause CauseOf(string? error) =>
        error?.Contains("already subscribed", StringComparison.Ordinal) == true ? RefusalCause.AlreadyHeld : RefusalCause.Request;

    /// <summary>Whether a frame is an answer of any kind, pongs included.</summary>
    public static bool IsControl(ReadOnlySpan<byte> frame) =>
        TryReadMembers(frame, out var members) && (members.Success is not null || members.IsPong);

    private static bool TryReadMembers(ReadOnlySpan<byte> frame, out Members members)
    {
        members = default;
        if (LooksLikeData(frame) || frame.Length > Longest)
        {
            return false;
        }

        try
        {
            return TryReadObject(new Utf8JsonReader(frame), ref members);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadObject(Utf8JsonReader json, ref Members members)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var hasTopic = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("success"u8))
            {
                json.Read();
                members.Success = json.TokenType is JsonTokenType.True or JsonTokenType.False ? json.GetBoolean() : null;
            }
            else if (json.ValueTextEquals("op"u8))
            {
                json.Read();
                ReadOperation(ref json, ref members);
            }
            else if (json.ValueTextEquals("req_id"u8))
            {
                json.Read();
                members.Id = ReadId(ref json);
            }
            else if (json.ValueTextEquals("ret_msg"u8))
            {
                json.Read();
                members.Message = json.TokenType == JsonTokenType.String ? json.GetString() : null;
            }
            else
            {
                hasTopic |= json.ValueTextEquals("topic"u8);
                json.Read();
            }

            json.Skip();
        }

        // The rest must be read too: a frame with rubbish behind the object is no answer.
        while (json.Read())
        {
        }

        return !hasTopic;
    }

    private static void ReadOperation(ref Utf8JsonReader json, ref Members members)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            members.IsPong = json.ValueTextEquals("ping"u8) || json.ValueTextEquals("pong"u8);
            members.IsSubscription = json.ValueTextEquals("subscribe"u8) || json.ValueTextEquals("unsubscribe"u8);
        }
    }

    private static long? ReadId(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && long.TryParse(json.GetString(), CultureInfo.InvariantCulture, out var id) ? id : null;

    private struct Members
    {
        public bool? Success;
        public bool IsPong;
        public bool IsSubscription;
        public long? Id;
        public string? Message;
    }
}
