using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Simulator.Okx;

/// <summary>What a subscription names.</summary>
/// <param name="Channel">Such as <c>books</c>.</param>
/// <param name="Key">The member that says of what: <c>instId</c>, <c>instType</c>, <c>instFamily</c>; empty = nothing is said.</param>
/// <param name="Value">Its value.</param>
internal sealed record OkxArg(string Channel, string Key, string Value)
{
    private static readonly string[] Keys = ["instId", "instType", "instFamily"];

    /// <summary>As the control port lists it, such as <c>books:BTC-USDT</c>.</summary>
    public string Name => Key.Length == 0 ? Channel : $"{Channel}:{Value}";

    /// <summary>The argument as acks and data have it.</summary>
    public string Json => Key.Length == 0
        ? $"{{\"channel\":\"{Escape(Channel)}\"}}"
        : $"{{\"channel\":\"{Escape(Channel)}\",\"{Key}\":\"{Escape(Value)}\"}}";

    /// <summary>Null when it is no argument at all. Of several keys the narrowest counts.</summary>
    public static OkxArg? From(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || Text(element, "channel") is not { Length: > 0 } channel)
        {
            return null;
        }

        foreach (var key in Keys)
        {
            if (Text(element, key) is { Length: > 0 } value)
            {
                return new OkxArg(channel, key, value);
            }
        }

        return new OkxArg(channel, "", "");
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
}
