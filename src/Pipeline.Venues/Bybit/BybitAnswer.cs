using System.Text.Json;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Venues.Rest;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// An answer's envelope <c>{"retCode":0,"retMsg":"OK","result":{…},"time":1794900000123}</c>, whose code says what HTTP does not.
/// </summary>
internal sealed class BybitAnswer : IDisposable
{
    private readonly JsonDocument _document;
    private readonly string _asked;

    private BybitAnswer(JsonDocument document, string asked)
    {
        _document = document;
        _asked = asked;
    }

    /// <exception cref="VenueRestException">It is no such envelope, or one with an error.</exception>
    public static BybitAnswer Read(ReadOnlyMemory<byte> body, string asked, VenueRestClient client)
    {
        // The body goes back to its pool, the document stays: it gets bytes of its own.
        var document = Parse(body.ToArray(), asked);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("retCode", out var code) || code.ValueKind != JsonValueKind.Number || !code.TryGetInt64(out var number))
        {
            document.Dispose();
            throw Bad(asked, "there is no retCode", null);
        }

        if (number == 0)
        {
            return new BybitAnswer(document, asked);
        }

        var message = $"bybit GET {asked}: {(root.TryGetProperty("retMsg", out var words) ? words.ToString() : "")} (retCode {number})";
        document.Dispose();
        throw number switch
        {
            // Too many visits of an endpoint, too many of an address.
            10006 or 10018 => client.Pause(VenueRestFailure.RateLimited, message),
            10000 or 10016 => new VenueRestException(VenueRestFailure.Unavailable, message),
            _ => new VenueRestException(VenueRestFailure.Refused, message),
        };
    }

    /// <exception cref="VenueRestException">What the reader expects is not there.</exception>
    public T Read<T>(Func<JsonElement, T> reader)
    {
        try
        {
            return reader(_document.RootElement);
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or InvalidDataException)
        {
            throw Bad(_asked, error.Message, error);
        }
    }

    public void Dispose() => _document.Dispose();

    private static JsonDocument Parse(byte[] body, string asked)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException error)
        {
            throw Bad(asked, "it is no JSON", error);
        }
    }

    private static VenueRestException Bad(string asked, string reason, Exception? inner) =>
        new(VenueRestFailure.BadAnswer, $"bybit GET {asked}: the answer cannot be read: {reason}.", inner: inner);
}
