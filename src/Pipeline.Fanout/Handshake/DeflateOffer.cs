namespace Pipeline.Fanout.Handshake;

/// <summary>What a client offers of permessage-deflate, RFC 7692 §7.1.</summary>
internal static class DeflateOffer
{
    /// <summary>Our answer. Neither side keeps a window: it would cost 32 kB and more for each client.</summary>
    public const string Answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    /// <summary>Whether one of the offers can be taken as <see cref="Answer"/>.</summary>
    /// <param name="extensions">Value of <c>Sec-WebSocket-Extensions</c>.</param>
    public static bool IsAcceptable(string? extensions)
    {
        foreach (var range in extensions.AsSpan().Split(','))
        {
            if (IsOfferAcceptable(extensions.AsSpan()[range]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfferAcceptable(ReadOnlySpan<char> offer)
    {
        var first = true;
        foreach (var range in offer.Split(';'))
        {
            var part = offer[range].Trim();
            if (first)
            {
                if (!part.SequenceEqual("permessage-deflate"))
                {
                    return false;
                }

                first = false;
                continue;
            }

            // A smaller window for our messages cannot be had of the framework's compressor; everything else can be met.
            var name = part.IndexOf('=') is >= 0 and var equals ? part[..equals].Trim() : part;
            var value = part[name.Length..].TrimStart(" =").Trim('"');
            if (name is "server_max_window_bits" ? value is not "15" : name is not ("client_max_window_bits" or "server_no_context_takeover" or "client_no_context_takeover"))
            {
                return false;
            }
        }

        return !first;
    }
}
