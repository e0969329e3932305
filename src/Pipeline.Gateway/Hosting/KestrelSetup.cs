using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Fanout;
using Pipeline.Gateway.Security;

namespace Pipeline.Gateway.Hosting;

/// <summary>The HTTP server: where it listens, and what a client may cost before anything of ours looks at it.</summary>
internal static class KestrelSetup
{
    // Beside the WebSockets there are pages, pollers and probes; what comes beyond is closed at once.
    private const int OtherConnections = 5000;

    // The same for one address.
    private const int OtherSockets = 500;

    /// <exception cref="IOException">The certificate cannot be read.</exception>
    public static void Configure(KestrelServerOptions kestrel, GatewayOptions options, IEnumerable<Uri> addresses, LinkServer links, PipelineMetrics metrics)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(65);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections + OtherConnections;
        var certificate = options.Listen.Scheme == "https" ? Load(options) : null;
        var limits = options.Limits;
        var sockets = new SocketLimiter(limits.MaxSocketsPerAddress ?? limits.MaxConnectionsPerAddress + OtherSockets, limits.MaxSocketsPerProxy, options.TrustedProxies);
        foreach (var address in addresses)
        {
            Listen(kestrel, address, listen =>
            {
                // WebSockets over HTTP/2 would go past the links.
                listen.Protocols = HttpProtocols.Http1;

                // First of all, so that nothing is read for whom it refuses, not even TLS.
                listen.Use(next => connection => ServeAsync(connection, next, sockets, metrics));
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }

                listen.UseLinks(links);
            });
        }
    }

    private static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next, SocketLimiter sockets, PipelineMetrics metrics)
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var peer })
        {
            await next(connection);
            return;
        }

        if (!sockets.TryEnter(peer))
        {
            metrics.GatewayRefused("sockets");
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            sockets.Leave(peer);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, Uri address, Action<ListenOptions> configure)
    {
        var host = address.Host.Trim('[', ']');
        if (host is "0.0.0.0" or "::" or "*")
        {
            kestrel.ListenAnyIP(address.Port, configure);
        }
        else if (IPAddress.TryParse(host, out var ip))
        {
            kestrel.Listen(ip, address.Port, configure);
        }
        else if (host == "localhost")
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
        else
        {
            foreach (var one in Dns.GetHostAddresses(host))
            {
                kestrel.Listen(one, address.Port, configure);
            }
        }
    }

    private static HttpsConnectionAdapterOptions Load(GatewayOptions options)
    {
        var file = options.Certificate ?? throw new IOException("https needs gateway.certificate.");
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            return new HttpsConnectionAdapterOptions
            {
                ServerCertificate = X509Certificate2.CreateFromPemFile(file, options.CertificateKey),
                ServerCertificateChain = chain,
                HandshakeTimeout = TimeSpan.FromSeconds(10),
            };
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"The certificate {file} cannot be used: {fault.Message} See gateway.certificate and certificateKey.", fault);
        }
    }
}
