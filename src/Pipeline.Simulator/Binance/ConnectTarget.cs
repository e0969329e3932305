using Microsoft.AspNetCore.Http;

namespace Pipeline.Simulator.Binance;

/// <summary>What a client asks for by address: envelope, time unit and first streams.</summary>
internal sealed record ConnectTarget(bool Combined, bool Microseconds, IReadOnlyList<string> Streams)
{
    /// <summary>Which streams carry data here; null = all.</summary>
    public Func<string, bool>? Delivers { get; init; }

    /// <summary>Reads <c>/ws[/a/b]</c> and <c>/stream[?streams=a/b]</c>; null for any other path.</summary>
    public static ConnectTarget? From(HttpRequest request)
    {
        // Kestrel leaves an encoded slash alone in paths; a client that encodes its whole list means a separator.
        var path = (request.Path.Value ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return From(path, request);
    }

    /// <summary>As above with what is left of a path after its route.</summary>
    public static ConnectTarget? From(string path, HttpRequest request)
    {
        var micro = string.Equals(request.Query["timeUnit"], "MICROSECOND", StringComparison.OrdinalIgnoreCase);
        if (path is "/stream" or "/stream/")
        {
            return new ConnectTarget(true, micro, Split(request.Query["streams"].ToString()));
        }

        var raw = path == "/ws" || path.StartsWith("/ws/", StringComparison.Ordinal);
        return raw ? new ConnectTarget(false, micro, Split(path[3..])) : null;
    }

    private static string[] Split(string names) => names.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
