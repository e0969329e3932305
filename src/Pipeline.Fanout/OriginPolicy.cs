using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Pipeline.Fanout;

/// <summary>
/// Pages of which origins a server lets in, over WebSockets and over HTTP (CORS): its own always, and those listed. Programs send no origin.
/// </summary>
public sealed class OriginPolicy
{
    // How long a browser may remember what a preflight allowed, seconds.
    private const string PreflightSeconds = "600";

    private readonly HashSet<string> _listed;
    private readonly bool _all;
    private readonly bool _local;

    /// <param name="origins">As <c>scheme://host[:port]</c> in small letters; <c>*</c> = all.</param>
    /// <param name="local">Whether pages of this machine, such as one in development, are let in too.</param>
    public OriginPolicy(IReadOnlyList<string> origins, bool local = false)
    {
        _all = origins.Contains("*");
        _listed = new HashSet<string>(origins, StringComparer.OrdinalIgnoreCase);
        _local = local;
    }

    /// <param name="origin">Header <c>Origin</c>; null when it is absent. Several are none we know.</param>
    /// <param name="host">Header <c>Host</c>.</param>
    public bool Allows(string? origin, string? host)
    {
        if (_all || string.IsNullOrEmpty(origin))
        {
            return true;
        }

        // What has none, such as a file or a frame that is shut in, says "null".
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var page) || page.Scheme is not ("http" or "https"))
        {
            return false;
        }

        return IsOwn(page, host) || (_local && IsHere(page)) || IsListed(page);
    }

    /// <summary>
    /// Sets the headers without which a browser keeps an answer from a page of another origin. Only those listed by name may send what a
    /// browser knows of them (cookies of a load balancer).
    /// </summary>
    /// <returns>Whether a page of this origin may ask at all.</returns>
    public bool Share(HttpContext call)
    {
        var origin = call.Request.Headers.Origin.ToString();
        var headers = call.Response.Headers;
        headers.Vary = HeaderNames.Origin;
        if (!Allows(origin, call.Request.Host.Value))
        {
            return false;
        }

        if (origin.Length > 0)
        {
            headers.AccessControlAllowOrigin = _all ? "*" : origin;
            if (!_all && Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsListed(page))
            {
                headers.AccessControlAllowCredentials = "true";
            }
        }

        return true;
    }

    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod);

    /// <summary>Answers a preflight, which needs no more than headers; behind <see cref="Share"/>.</summary>
    public static void AnswerPreflight(HttpResponse answer)
    {
        answer.StatusCode = StatusCodes.Status204NoContent;
        answer.Headers.AccessControlAllowMethods = "GET, POST";
        answer.Headers.AccessControlAllowHeaders = "Authorization, Content-Type";
        answer.Headers.AccessControlMaxAge = PreflightSeconds;
    }

    /// <summary>The name and the port are compared; the scheme is not known where a proxy ends TLS.</summary>
    private static bool IsOwn(Uri page, string? host) =>
        host is not null && (string.Equals(page.Authority, host, StringComparison.OrdinalIgnoreCase)
            || string.Equals($"{page.Host}:{page.Port}", host, StringComparison.OrdinalIgnoreCase));

    private static bool IsHere(Uri page) =>
        page.Host == "localhost" || (IPAddress.TryParse(page.Host.Trim('[', ']'), out var address) && IsLoopback(address));

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private bool IsListed(Uri page) => _listed.Contains(page.GetLeftPart(UriPartial.Authority));
}
