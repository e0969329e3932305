using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>Which pages may use the server from a browser.</summary>
internal sealed class CorsPolicy(IReadOnlyList<string> origins)
{
    private const string PreflightSeconds = "600";

    private readonly bool _any = origins.Contains("*");
    private readonly HashSet<string> _origins = new(origins, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a page of this origin may; null = not a page, or an old browser's.</summary>
    public bool Allows(string? origin) => string.IsNullOrEmpty(origin) || _any || _origins.Count == 0 || _origins.Contains(origin);

    /// <summary>Sets the headers that let the page read the answer.</summary>
    public void Apply(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || _origins.Count == 0)
        {
            return;
        }

        var headers = context.Response.Headers;
        if (_any)
        {
            headers.AccessControlAllowOrigin = "*";
            return;
        }

        headers.Vary = HeaderNames.Origin;
        if (_origins.TryGetValue(origin, out var known))
        {
            headers.AccessControlAllowOrigin = known;
            headers.AccessControlAllowCredentials = "true";
        }
    }

    public static void Preflight(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (headers.ContainsKey(HeaderNames.AccessControlAllowOrigin))
        {
            headers.AccessControlAllowMethods = "GET, POST";
            headers.AccessControlAllowHeaders = "Content-Type, Authorization";
            headers.AccessControlMaxAge = PreflightSeconds;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
