using System.Text;
using System.Text.Json;

namespace Pipeline.Simulator.Binance;

/// <summary>A control request as read: a known method, a valid id as it was written, and whatever parameters came.</summary>
internal sealed class BinanceRequest
{
    private const int LongestTextId = 36;
    private static readonly string[] Methods = ["SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY"];

    private byte[]? _id;

    private BinanceRequest()
    {
    }

    public string Method { get; private set; } = "";

    /// <summary>The id's JSON text.</summary>
    public ReadOnlySpan<byte> Id => _id;

    /// <summary>Null when none were given.</summary>
    public JsonElement? Parameters { get; private set; }

    public static bool TryParse(ReadOnlySpan<byte> text, out BinanceRequest request, out RequestError? error)
    {
        request = new BinanceRequest();
        try
        {
            error = request.Read(text);
        }
        catch (JsonException e)
        {
            error = RequestError.BadJson(JsonPosition.Describe(text, e));
        }
        catch (InvalidOperationException)
        {
            // A string that escapes half a surrogate pair is JSON by grammar and text by no standard.
            error = RequestError.BadJson($"lone leading surrogate in hex escape{JsonPosition.At(text, text.Length)}");
        }

        return error is null;
    }

    /// <summary>Reads to the end before it judges the parts, so that broken JSON is told as such.</summary>
    private RequestError? Read(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            reader.Read();
            return RequestError.Invalid($"invalid type, expected a request object{JsonPosition.At(text, 1)}");
        }

        RequestError? idError = null;
        string? method = null;
        var methodEnd = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "method":
                    method = reader.TokenType == JsonTokenType.String ? reader.GetString() : Raw(text, ref reader);
                    methodEnd = (int)reader.BytesConsumed;
                    break;
                case "id":
                    idError = ReadId(text, ref reader);
                    break;
                case "params":
                    Parameters = JsonElement.ParseValue(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var end = (int)reader.BytesConsumed;
        reader.Read();
        return Judge(text, method, methodEnd, end) ?? idError ?? (_id is null ? RequestError.BadId : null);
    }

    private RequestError? Judge(ReadOnlySpan<byte> text, string? method, int methodEnd, int end)
    {
        if (method is null)
        {
            return RequestError.Invalid($"missing field `method`{JsonPosition.At(text, end)}");
        }

        Method = method;
        var known = string.Join(", ", Methods.Select(name => $"`{name}`"));
        return Methods.Contains(method)
            ? null
            : RequestError.Invalid($"unknown variant {method}, expected one of {known}{JsonPosition.At(text, methodEnd)}");
    }

    private RequestError? ReadId(ReadOnlySpan<byte> text, ref Utf8JsonReader reader)
    {
        var valid = reader.TokenType switch
        {
            JsonTokenType.Null => true,
            JsonTokenType.Number => reader.TryGetInt64(out _),
            JsonTokenType.String => IsTextId(reader.GetString()!),
            _ => false,
        };
        var raw = Raw(text, ref reader);
        _id = valid ? Encoding.UTF8.GetBytes(raw) : null;
        return valid ? null : RequestError.BadId;
    }

    // UUIDs, 36 characters long, are what the length is for: hyphens are welcome.
    private static bool IsTextId(string id) =>
        id.Length is > 0 and <= LongestTextId && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string Raw(ReadOnlySpan<byte> text, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Encoding.UTF8.GetString(text[start..(int)reader.BytesConsumed]);
    }
}
