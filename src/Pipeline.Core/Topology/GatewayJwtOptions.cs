namespace Pipeline.Core.Topology;

/// <summary>Signed tokens (JWT, HMAC with SHA-256) that let a client in.</summary>
public sealed record GatewayJwtOptions
{
    /// <summary>Bytes the secret has at least: as many as the hash (RFC 7518 §3.2).</summary>
    public const int LeastSecretBytes = 32;

    /// <summary>The shared secret; its UTF-8 bytes are the key.</summary>
    public required string Secret { get; init; }

    /// <summary>What <c>aud</c> must name.</summary>
    public required string Audience { get; init; }

    /// <summary>What <c>iss</c> must be; null = it is not looked at.</summary>
    public string? Issuer { get; init; }

    /// <summary>Without the secret: options are printed.</summary>
    public override string ToString() => $"GatewayJwtOptions {{ Audience = {Audience}, Issuer = {Issuer} }}";
}
