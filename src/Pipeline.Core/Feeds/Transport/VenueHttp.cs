using System.Net;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>What a venue's HTTP interface is reached by: the same proxies and the same trust as its sockets.</summary>
public static class VenueHttp
{
    /// <summary>How long connecting may take.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Makes the handler of one venue's client, which owns it. Its failures name their cause, and no password.</summary>
    public static HttpMessageHandler CreateHandler(NetworkOptions network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return CreateHandler(network, HttpClient.DefaultProxy);
    }

    /// <param name="environment">What the environment says of proxies.</param>
    internal static HttpMessageHandler CreateHandler(NetworkOptions network, IWebProxy environment)
    {
        var proxies = new ProxyList(network.Proxies, environment);
        var trust = new ServerTrust(network.CertificateAuthority);
        var handler = new SocketsHttpHandler
        {
            // Renewed, so that a change of address is noticed by a process that runs for months.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = ConnectTimeout,
            AutomaticDecompression = DecompressionMethods.All,
            UseCookies = false,
            UseProxy = true,
            Proxy = proxies,
            SslOptions = trust.Options,
        };
        return new VenueHttpHandler(handler, proxies, trust);
    }
}
