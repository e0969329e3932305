using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Gateway.Security;

/// <summary>
/// Who may change something: whoever bears the token, or, where none is set, whoever is on this machine. A browser is neither: what a
/// page of somebody else sends is refused, also when its host's name leads here.
/// </summary>
internal sealed class AdminGuard
{
    private const int MostBytes = 1024;

    // A call that was passed on is not from here, whoever passed it on.
    private static readonly string[] PassedOn = ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"];

    private readonly byte[]? _token;
    private readonly string _key;

    /// <param name="token">Null = calls from this machine alone are taken.</param>
    /// <param name="key">Where the topology has it, such as <c>gateway.adminToken</c>.</param>
    public AdminGuard(string? token, string key)
    {
        _token = token is null ? null : Digest(token);
        _key = key;
    }

    /// <summary>Null when the call may go on, else status and reason of the answer.</summary>
    public (int Status, string Reason)? Refuse(HttpContext call)
    {
        var request = call.Request;
        if (request.ContentLength > MostBytes)
        {
            return (StatusCodes.Status413PayloadTooLarge, "the request has no body to speak of");
        }

        if (IsCrossSite(request))
        {
            return (StatusCodes.Status403Forbidden, "a page of another site asks for this");
        }

        if (IsAdmin(call))
        {
            return null;
        }

        if (_token is not null)
        {
            call.Response.Headers.WWWAuthenticate = "Bearer";
            return (StatusCodes.Status401Unauthorized, $"{_key} is set: send it as Authorization: Bearer");
        }

        return (StatusCodes.Status403Forbidden, $"this is taken from this server's own machine alone, unless {_key} is set in the topology");
    }

    /// <summary>Whether it is the operator who asks: then it may also be told what concerns others.</summary>
    public bool IsAdmin(HttpContext call) =>
        !IsCrossSite(call.Request) && (_token is null ? IsLocal(call) : BearsToken(call.Request, _token));

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

    /// <summary>A name that leads here may be anybody's.</summary>
    private static bool IsLocal(HttpContext call)
    {
        var host = call.Request.Host.Host;
        return !PassedOn.Any(call.Request.Headers.ContainsKey)
            && call.Connection.RemoteIpAddress is { } from && Addresses.IsLoopback(from)
            && (host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var to) && Addresses.IsLoopback(to)));
    }

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Digests have one length, and are compared in the same time wherever they differ.</summary>
    private static bool BearsToken(HttpRequest request, byte[] expected) =>
        BearerToken.OfHeader(request.Headers.Authorization.ToString()) is { } token
        && CryptographicOperations.FixedTimeEquals(Digest(token), expected);
}
