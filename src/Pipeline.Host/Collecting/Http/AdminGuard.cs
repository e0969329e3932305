using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Host.Collecting.Http;

/// <summary>
/// Who may change something: whoever bears the token, or, where none is set, whoever is on this machine. A browser is neither: what a
/// page of somebody else sends is refused, also when its host's name leads here.
/// </summary>
internal sealed class AdminGuard
{
    private const int MostBytes = 1024;
    private const string Scheme = "Bearer ";

    private readonly byte[]? _token;

    /// <param name="token">Null = calls from this machine alone are taken.</param>
    public AdminGuard(string? token) => _token = token is null ? null : Digest(token);

    /// <summary>Null when the call may go on, else the answer.</summary>
    public IResult? Refuse(HttpContext call)
    {
        var request = call.Request;
        if (request.ContentLength > MostBytes)
        {
            return Answer(StatusCodes.Status413PayloadTooLarge, "the request has no body to speak of");
        }

        if (IsCrossSite(request))
        {
            return Answer(StatusCodes.Status403Forbidden, "a page of another site asks for this");
        }

        if (_token is not null)
        {
            if (BearsToken(request))
            {
                return null;
            }

            call.Response.Headers.WWWAuthenticate = "Bearer";
            return Answer(StatusCodes.Status401Unauthorized, "collector.adminToken is set: send it as Authorization: Bearer");
        }

        return IsLocal(call) ? null : Answer(
            StatusCodes.Status403Forbidden, "this is taken from the collector's own machine alone, unless collector.adminToken is set in the topology");
    }

    private static IResult Answer(int status, string error) => Results.Json(new { error }, statusCode: status);

    private static bool IsCrossSite(HttpRequest request)
    {
        foreach (var origin in request.Headers.Origin)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var from)
                || !string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
    }

    private static readonly string[] PassedOn = ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"];

    /// <summary>A call that was passed on is not from here, and a name that leads here may be anybody's.</summary>
    private static bool IsLocal(HttpContext call)
    {
        var request = call.Request;
        var isPassedOn = PassedOn.Any(request.Headers.ContainsKey);
        return !isPassedOn && call.Connection.RemoteIpAddress is { } from && IsLoopback(from)
            && (request.Host.Host == "localhost" || (IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var to) && IsLoopback(to)));
    }

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Digests have one length, and are compared in the same time wherever they differ.</summary>
    private bool BearsToken(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Digest(header[Scheme.Length..].Trim()), _token);
}
