using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Core.Topology;

namespace Pipeline.Gateway.Security;

/// <summary>
/// Checks signed tokens (JWT, RFC 7519) of exactly one algorithm, HMAC with SHA-256: what the token says of its algorithm is compared and
/// never followed. The claims are not looked at before the signature holds.
/// </summary>
internal sealed class JwtValidator
{
    /// <summary>Longest token taken, characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private const int MaxHeaderLength = 512;
    private const int MaxSubjectLength = 200;

    // What is beyond any calendar is as good as never.
    private const double MostMicroseconds = 4e18;

    // A claim that is there twice would be one thing to us and another to whoever reads the other.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly byte[] _key;
    private readonly GatewayJwtOptions _options;
    private readonly TimeProvider _time;

    public JwtValidator(GatewayJwtOptions options, TimeProvider time)
        : this(Encoding.UTF8.GetBytes(options.Secret), options, time)
    {
    }

    private JwtValidator(byte[] key, GatewayJwtOptions options, TimeProvider time) => (_key, _options, _time) = (key, options, time);

    /// <summary>With a key that is no text.</summary>
    internal static JwtValidator WithKey(byte[] key, GatewayJwtOptions options, TimeProvider time) => new(key, options, time);

    public TokenResult Check(string token)
    {
        if (token.Length > MaxLength)
        {
            return TokenFault.TooLong;
        }

        var parts = token.Split('.');
        if (parts.Length != 3 || parts[0].Length > MaxHeaderLength || StrictBase64Url.Decode(parts[0]) is not { } header)
        {
            return TokenFault.Malformed;
        }

        var fault = CheckHeader(header);
        if (fault != TokenFault.None)
        {
            return fault;
        }

        if (StrictBase64Url.Decode(parts[1]) is not { } claims || StrictBase64Url.Decode(parts[2]) is not { } signature)
        {
            return TokenFault.Malformed;
        }

        // Whatever passed the decoder is ASCII.
        var signed = Encoding.ASCII.GetBytes(token, 0, parts[0].Length + 1 + parts[1].Length);
        return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, signed), signature) ? CheckClaims(claims) : TokenFault.Signature;
    }

    private static TokenFault CheckHeader(byte[] json)
    {
        using var header = Parse(json);
        if (header is null)
        {
            return TokenFault.Malformed;
        }

        if (!header.RootElement.TryGetProperty("alg", out var algorithm) || !Is(algorithm, "HS256", StringComparison.Ordinal))
        {
            return TokenFault.Algorithm;
        }

        if (header.RootElement.TryGetProperty("typ", out var type) && !Is(type, "JWT", StringComparison.OrdinalIgnoreCase))
        {
            return TokenFault.Type;
        }

        // Extensions that must be understood (RFC 7515 §4.1.11), and none is.
        return header.RootElement.TryGetProperty("crit", out _) ? TokenFault.Type : TokenFault.None;
    }

    private static bool Is(JsonElement element, string expected, StringComparison comparison) =>
        element.ValueKind == JsonValueKind.String && string.Equals(element.GetString(), expected, comparison);

    private static bool Names(JsonElement audience, string wanted) => audience.ValueKind switch
    {
        JsonValueKind.String => Is(audience, wanted, StringComparison.Ordinal),
        JsonValueKind.Array => audience.EnumerateArray().Any(one => Is(one, wanted, StringComparison.Ordinal)),
        _ => false,
    };

    /// <summary>Seconds since the Unix epoch, possibly with a fraction; null when it is no such number.</summary>
    private static double? Seconds(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var seconds) && double.IsFinite(seconds) ? seconds : null;

    private static string Shorten(string subject) => subject.Length <= MaxSubjectLength ? subject : subject[..MaxSubjectLength];

    private static JsonDocument? Parse(byte[] json)
    {
        try
        {
            var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TokenResult CheckClaims(byte[] json)
    {
        using var claims = Parse(json);
        if (claims is null)
        {
            return TokenFault.Malformed;
        }

        var root = claims.RootElement;
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        if (!root.TryGetProperty("exp", out var expiry) || Seconds(expiry) is not { } end)
        {
            return TokenFault.Malformed;
        }

        if (now >= end + Leeway.TotalSeconds)
        {
            return TokenFault.Expired;
        }

        if (root.TryGetProperty("nbf", out var notBefore))
        {
            if (Seconds(notBefore) is not { } start)
            {
                return TokenFault.Malformed;
            }

            if (now < start - Leeway.TotalSeconds)
            {
                return TokenFault.NotYetValid;
            }
        }

        if (!root.TryGetProperty("aud", out var audience) || !Names(audience, _options.Audience))
        {
            return TokenFault.Audience;
        }

        if (_options.Issuer is not null && !(root.TryGetProperty("iss", out var issuer) && Is(issuer, _options.Issuer, StringComparison.Ordinal)))
        {
            return TokenFault.Issuer;
        }

        var subject = root.TryGetProperty("sub", out var name) && name.ValueKind == JsonValueKind.String ? Shorten(name.GetString()!) : null;
        return new TokenResult(TokenFault.None, subject, (long)Math.Min((end + Leeway.TotalSeconds) * 1e6, MostMicroseconds));
    }
}
