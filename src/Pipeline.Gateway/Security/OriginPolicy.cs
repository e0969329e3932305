using System.Net;

namespace Pipeline.Gateway.Security;

/// <summary>Pages of which origins may connect: the gateway's own, those of this machine, and those listed. Programs send no origin.</summary>
internal sealed class OriginPolicy
{
    private readonly HashSet<string> _listed;
    private readonly bool _all;

    /// <param name="origins">As <c>scheme://host[:port]</c> in small letters; <c>*</c> = all.</param>
    public OriginPolicy(IReadOnlyList<string> origins)
    {
        _all = origins.Contains("*");
        _listed = new HashSet<string>(origins, StringComparer.OrdinalIgnoreCase);
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

        return IsOwn(page, host) || IsHere(page) || _listed.Contains(page.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>The name and the port are compared; the scheme is not known where a proxy ends TLS.</summary>
    private static bool IsOwn(Uri page, string? host) =>
        host is not null && (string.Equals(page.Authority, host, StringComparison.OrdinalIgnoreCase)
            || string.Equals($"{page.Host}:{page.Port}", host, StringComparison.OrdinalIgnoreCase));

    private static bool IsHere(Uri page) =>
        page.Host == "localhost" || (IPAddress.TryParse(page.Host.Trim('[', ']'), out var address) && Addresses.IsLoopback(address));
}
