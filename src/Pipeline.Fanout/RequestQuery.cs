using Microsoft.AspNetCore.WebUtilities;

namespace Pipeline.Fanout;

/// <summary>Parameters of a handshake's query string.</summary>
public static class RequestQuery
{
    /// <summary>A parameter, decoded; null when it is absent. The first counts where there are several.</summary>
    /// <param name="query">With its question mark; empty when there is none.</param>
    public static string? Find(string query, string name)
    {
        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (pair.EncodedName.Span.SequenceEqual(name) || pair.DecodeName().Span.SequenceEqual(name))
            {
                return pair.DecodeValue().ToString();
            }
        }

        return null;
    }
}
