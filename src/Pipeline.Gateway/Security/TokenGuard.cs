using System.Security.Cryptography;
using System.Text;
using Pipeline.Core.Topology;

namespace Pipeline.Gateway.Security;

/// <summary>Whom a token lets in: one of the listed, or one that is signed. For any thread.</summary>
internal sealed class TokenGuard
{
    private readonly byte[][] _digests;
    private readonly JwtValidator? _jwt;

    public TokenGuard(GatewayOptions options, TimeProvider time)
    {
        _digests = [.. options.Tokens.Concat(options.AdminToken is { } admin && options.NeedsToken ? [admin] : []).Select(Digest)];
        _jwt = options.Jwt is { } jwt ? new JwtValidator(jwt, time) : null;
        IsOpen = !options.NeedsToken;
    }

    /// <summary>Nobody needs a token.</summary>
    public bool IsOpen { get; }

    /// <param name="token">Null = none was sent.</param>
    public TokenResult Check(string? token)
    {
        if (IsOpen)
        {
            return TokenFault.None;
        }

        if (string.IsNullOrEmpty(token))
        {
            return TokenFault.Missing;
        }

        if (token.Length > JwtValidator.MaxLength)
        {
            return TokenFault.TooLong;
        }

        if (IsListed(token))
        {
            return TokenFault.None;
        }

        return _jwt is null ? TokenFault.Unknown : _jwt.Check(token);
    }

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Digests have one length, and all are compared, so that the time tells nothing of how near a guess is.</summary>
    private bool IsListed(string token)
    {
        var digest = Digest(token);
        var isListed = false;
        foreach (var one in _digests)
        {
            isListed |= CryptographicOperations.FixedTimeEquals(digest, one);
        }

        return isListed;
    }
}
