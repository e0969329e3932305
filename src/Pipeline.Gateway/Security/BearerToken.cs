using Pipeline.Fanout;

namespace Pipeline.Gateway.Security;

/// <summary>
/// Where a client puts its token. <c>Authorization: Bearer</c> is best. A browser cannot set it for a WebSocket: there it offers the
/// subprotocols <see cref="Subprotocol"/> and <c>bearer.TOKEN</c>, of which the first is answered. <c>?access_token=</c> is the last
/// resort, since proxies and histories keep addresses. None of them is logged here.
/// </summary>
internal static class BearerToken
{
    /// <summary>Subprotocol of <c>/ws</c>, offered beside the token and answered.</summary>
    public const string Subprotocol = "pipeline.v1";

    public const string SubprotocolHeader = "Sec-WebSocket-Protocol";

    private const string Scheme = "Bearer ";
    private const string Prefix = "bearer.";

    /// <summary>Token of a plain request; null when it bears none.</summary>
    public static string? OfHeader(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[Scheme.Length..].Trim()
            : null;

    /// <summary>Token of a handshake; null when it bears none.</summary>
    /// <param name="query">With its question mark; empty when there is none.</param>
    public static string? OfHandshake(Func<string, string?> header, string query)
    {
        if (OfHeader(header("Authorization")) is { } token)
        {
            return token;
        }

        foreach (var offered in Offers(header(SubprotocolHeader)))
        {
            if (offered.StartsWith(Prefix, StringComparison.Ordinal))
            {
                return offered[Prefix.Length..];
            }
        }

        return RequestQuery.Find(query, "access_token");
    }

    /// <summary>What to answer as <c>Sec-WebSocket-Protocol</c>; null when ours is not offered.</summary>
    public static string? Answer(string? offered) => Offers(offered).Contains(Subprotocol) ? Subprotocol : null;

    private static string[] Offers(string? header) =>
        header is null ? [] : header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
