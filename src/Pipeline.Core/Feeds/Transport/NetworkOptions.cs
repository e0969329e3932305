namespace Pipeline.Core.Feeds.Transport;

/// <summary>How a venue is reached, by WebSocket and by HTTP.</summary>
public sealed record NetworkOptions
{
    /// <summary>
    /// Proxies, such as <c>http://proxy:3128</c> or <c>socks5://user:password@proxy:1080</c>, the next one after three failed attempts;
    /// empty = those of the environment, if it names any, except for addresses of this machine.
    /// </summary>
    public IReadOnlyList<Uri> Proxies { get; init; } = [];

    /// <summary>File of certificates (PEM) that are trusted besides the system's; null = none.</summary>
    public string? CertificateAuthority { get; init; }
}
