using System.Net;
using System.Text;
using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>What is known of a client from its first request.</summary>
/// <param name="Query">Query string with its question mark; empty when there is none.</param>
/// <param name="Address">Who asks: the peer, or whom a trusted proxy names.</param>
/// <param name="Transport">How it came: one of the two.</param>
public sealed record EngineHandshake(string Query, IPAddress Address, EngineTransports Transport)
{
    private static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();

    /// <summary>Those request headers that the options name; others are not kept, because a connection lives long and headers are big.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private init; } = NoHeaders;

    /// <summary>A parameter of the query, decoded; null when it is absent. The first counts where there are several.</summary>
    public string? GetQuery(string name) => RequestQuery.Find(Query, name);

    internal static EngineHandshake Create(
        string query, IPAddress address, EngineTransports transport, IReadOnlyList<string> keep, Func<string, string?> header)
    {
        Dictionary<string, string>? headers = null;
        foreach (var name in keep)
        {
            if (header(name) is { Length: > 0 } value)
            {
                (headers ??= new Dictionary<string, string>(keep.Count, StringComparer.OrdinalIgnoreCase))[name] = value;
            }
        }

        var handshake = new EngineHandshake(query, address, transport);
        return headers is null ? handshake : handshake with { Headers = headers };
    }

    // A record would print itself, with a token in the query, wherever it is logged.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Address = ").Append(Address).Append(", Transport = ").Append(Transport);
        return true;
    }
}
