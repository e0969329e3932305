using System.Net;

namespace Pipeline.Core.Topology;

/// <summary>The gateway: where it listens, whom it lets in and within which bounds.</summary>
public sealed record GatewayOptions
{
    /// <summary>Address and port of the page, <c>/ws</c> and the HTTP API; of scheme https it needs a certificate. Default <c>http://127.0.0.1:8080</c>.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>PEM file of the certificate and its chain; null = plain HTTP.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file of the certificate's private key; null = it is in the file of the certificate.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>WebSockets open at a time; beyond it a handshake is answered 503. Default 10,000.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Bytes that may wait for one client before it counts as slow. Default 4 MiB.</summary>
    public long OutboxLimit { get; init; } = 4L * 1024 * 1024;

    /// <summary>Working set above which outboxes are flushed and then the slowest clients are let go. Default 512 MiB.</summary>
    public long MemoryLimit { get; init; } = 512L * 1024 * 1024;

    /// <summary>Whether permessage-deflate is granted to clients that offer it. Default true.</summary>
    public bool Compression { get; init; } = true;

    /// <summary>
    /// Whether quotes and books that the display filter marks as hardly different go to everybody, not only to clients that ask for them.
    /// Default false.
    /// </summary>
    public bool Minor { get; init; }

    /// <summary>Venue of an instrument that a client names without one; null = the topology's first.</summary>
    public string? DefaultVenue { get; init; }

    /// <summary>Tokens, any of which lets a client in; none, and no <see cref="Jwt"/> = everybody is let in.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>Signed tokens that let a client in; null = none do.</summary>
    public GatewayJwtOptions? Jwt { get; init; }

    /// <summary>What administrative calls must bear; null = they are taken from this machine alone.</summary>
    public string? AdminToken { get; init; }

    /// <summary>Origins whose pages may connect, beside the gateway's own and those of this machine; <c>*</c> = all.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Proxies whose <c>X-Forwarded-For</c> is believed. None by default.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>What one client and one address may do.</summary>
    public GatewayLimits Limits { get; init; } = new();

    /// <summary>What a client that comes back can be given again.</summary>
    public ReplayWindowOptions ReplayWindow { get; init; } = new();

    /// <summary>Whether clients need a token.</summary>
    public bool NeedsToken => Tokens.Count > 0 || Jwt is not null;

    /// <summary>Without tokens: options are printed.</summary>
    public override string ToString() => $"GatewayOptions {{ Listen = {Listen}, MaxConnections = {MaxConnections}, NeedsToken = {NeedsToken} }}";
}
