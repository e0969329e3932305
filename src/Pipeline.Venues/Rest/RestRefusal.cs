using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Pipeline.Core.Feeds.Rest;

namespace Pipeline.Venues.Rest;

/// <summary>What an answer other than success means.</summary>
internal static class RestRefusal
{
    /// <summary>Of an error's body: enough for the venue's code and words, and for the head of a proxy's page.</summary>
    private const int MostWords = 500;

    /// <summary>No venue is known to ban for longer (Binance: 3 days); more is a header gone wrong.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(3);

    public static async ValueTask<VenueRestException> ReadAsync(
        HttpResponseMessage response, string asked, VenueRestClient client, TimeProvider clock, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        var message = $"{asked}: HTTP {status} {await WordsAsync(response, cancellation)}".TrimEnd();
        return status switch
        {
            429 => client.Pause(VenueRestFailure.RateLimited, message, RetryAfter(response.Headers, clock)),

            // 418 is Binance's ban, 403 a firewall's and Bybit's.
            418 or (int)HttpStatusCode.Forbidden => client.Pause(VenueRestFailure.Banned, message, RetryAfter(response.Headers, clock)),
            >= 500 => new VenueRestException(VenueRestFailure.Unavailable, message),
            _ => new VenueRestException(VenueRestFailure.Refused, message),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseHeaders headers, TimeProvider clock)
    {
        var wait = headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - clock.GetUtcNow();
        return wait is { } length && length > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(length.Ticks, LongestPause.Ticks)) : null;
    }

    private static async ValueTask<string> WordsAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var words = new byte[MostWords];
        var length = await body.ReadAtLeastAsync(words, MostWords, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(words.AsSpan(0, length)).ReplaceLineEndings(" ");
    }
}
