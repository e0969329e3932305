using System.Text;
using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Gateway.Candles;

/// <summary>The argument of an event, checked as far as its form goes.</summary>
/// <param name="SubscriptionId">JSON of it; null when none was sent.</param>
internal sealed record KlineRequest(string? Symbol, string? Interval, byte[]? SubscriptionId, int? Limit, long? To)
{
    public const int MaxLimit = 1000;
    private const int LongestId = 128;

    /// <summary>Null with the reason when the form is wrong.</summary>
    public static KlineRequest? Read(JsonElement? argument, out KlineError? error)
    {
        error = null;
        if (argument is not { ValueKind: JsonValueKind.Object } payload)
        {
            error = KlineError.Payload;
            return null;
        }

        if (!TryText(payload, "symbol", out var symbol) || !TryText(payload, "interval", out var interval))
        {
            error = KlineError.Payload;
            return null;
        }

        if (!TryId(payload, out var id))
        {
            error = KlineError.SubscriptionId;
            return null;
        }

        if (!TryInteger(payload, "limit", out var limit) || limit < 1)
        {
            error = KlineError.Limit;
            return null;
        }

        if (!TryInteger(payload, "to", out var to))
        {
            error = KlineError.To;
            return null;
        }

        return new KlineRequest(symbol, interval, id, limit is { } most ? (int)Math.Min(most, MaxLimit) : null, to);
    }

    private static bool TryText(JsonElement payload, string name, out string? text)
    {
        text = null;
        if (!payload.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return false;
        }

        return text!.Length <= InstrumentNames.MaxLength;
    }

    private static bool TryId(JsonElement payload, out byte[]? id)
    {
        id = null;
        if (!payload.TryGetProperty("subscription_id", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            id = new JsonBuffer(32).Integer(number).ToArray();
            return true;
        }

        if (value.ValueKind != JsonValueKind.String || value.GetRawText() is not { Length: > 2 and <= (6 * LongestId) + 2 } raw)
        {
            return false;
        }

        try
        {
            var text = value.GetString()!;
            id = Encoding.UTF8.GetBytes(raw);
            return text.Length is > 0 and <= LongestId;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryInteger(JsonElement payload, string name, out long? number)
    {
        number = null;
        if (!payload.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        // 5.0 and 5e2 are whole numbers too; JavaScript writes neither.
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var integer))
        {
            return false;
        }

        number = integer;
        return true;
    }
}
