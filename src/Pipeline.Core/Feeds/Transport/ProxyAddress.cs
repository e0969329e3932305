using System.Net;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>A proxy as it may be shown, without user and password, and what the framework is told of it.</summary>
internal sealed class ProxyAddress
{
    public ProxyAddress(Uri proxy)
    {
        Address = new UriBuilder(proxy.Scheme, proxy.Host, proxy.Port).Uri;
        Credentials = proxy.UserInfo.Length == 0 ? null : Read(proxy.UserInfo);
    }

    public Uri Address { get; }

    public NetworkCredential? Credentials { get; }

    public static string Show(Uri proxy) => $"{proxy.Scheme}://{proxy.IdnHost}:{proxy.Port}";

    private static NetworkCredential Read(string userInfo)
    {
        var parts = userInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
