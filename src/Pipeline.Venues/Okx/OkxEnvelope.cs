using System.Text.Json;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Venues.Rest;

namespace Pipeline.Venues.Okx;

/// <summary>What every answer of the HTTP interface is wrapped in: <c>{"code":"0","msg":"","data":[…]}</c>; code 0 alone is success.</summary>
internal static class OkxEnvelope
{
    private const string TooManyRequests = "50011";

    /// <summary>The data array's bytes.</summary>
    /// <exception cref="VenueRestException">The venue refused inside a good answer, or the answer is none.</exception>
    public static ReadOnlyMemory<byte> Open(ReadOnlyMemory<byte> body, string asked, VenueRestClient client)
    {
        string? code = null;
        string? message = null;
        var data = default(ReadOnlyMemory<byte>);
        try
        {
            Read(body, ref code, ref message, ref data);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new VenueRestException(VenueRestFailure.BadAnswer, $"okx GET {asked}: the answer cannot be read: {error.Message}", inner: error);
        }

        if (code != "0")
        {
            throw Refusal(code, $"okx GET {asked}: {message} (code {code ?? "missing"})", client);
        }

        return data.IsEmpty ? throw new VenueRestException(VenueRestFailure.BadAnswer, $"okx GET {asked}: the answer has no data.") : data;
    }

    private static VenueRestException Refusal(string? code, string message, VenueRestClient client) => code switch
    {
        null => new VenueRestException(VenueRestFailure.BadAnswer, message),
        TooManyRequests => client.Pause(VenueRestFailure.RateLimited, message),

        // Unavailable, timed out inside, too busy: the general codes of the venue's list.
        "50001" or "50004" or "50013" or "50026" => new VenueRestException(VenueRestFailure.Unavailable, message),
        _ => new VenueRestException(VenueRestFailure.Refused, message),
    };

    private static void Read(ReadOnlyMemory<byte> body, ref string? code, ref string? message, ref ReadOnlyMemory<byte> data)
    {
        var json = new Utf8JsonReader(body.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isCode = json.ValueTextEquals("code"u8);
            var isMessage = json.ValueTextEquals("msg"u8);
            var isData = json.ValueTextEquals("data"u8);
            json.Read();
            var start = (int)json.TokenStartIndex;
            if (isCode)
            {
                code = json.TokenType == JsonTokenType.String ? json.GetString() : null;
            }
            else if (isMessage)
            {
                message = json.TokenType == JsonTokenType.String ? json.GetString() : null;
            }

            var isArray = json.TokenType == JsonTokenType.StartArray;
            json.Skip();
            if (isData && isArray)
            {
                data = body[start..(int)json.BytesConsumed];
            }
        }

        // To the end: an answer that breaks off behind its data is none.
        while (json.Read())
        {
        }
    }
}
