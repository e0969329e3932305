using Microsoft.AspNetCore.Http;

namespace Pipeline.Gateway.Http;

/// <summary>What every answer says to browsers.</summary>
internal sealed class SecurityHeaders(bool isSecure)
{
    // Nothing from elsewhere and nothing inline; live data come over a WebSocket of the same host.
    private const string Strict =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // The page to try the API comes with styles in the document, and images in its styles.
    private const string OfDocumentation =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public void Apply(HttpContext call)
    {
        var headers = call.Response.Headers;
        var isDocumentation = call.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal);
        headers.ContentSecurityPolicy = isDocumentation ? OfDocumentation : Strict;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        headers.CacheControl = "no-store";
        if (isSecure)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }
}
