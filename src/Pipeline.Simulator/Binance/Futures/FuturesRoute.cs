using Microsoft.AspNetCore.Http;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>
/// The routes of the futures service. Each carries its own class of streams and acknowledges the others in silence; without a
/// route only public streams flow, since 2026-04-23.
/// </summary>
internal static class FuturesRoute
{
    private static readonly (string Prefix, Func<string, bool> Delivers)[] Routes =
    [
        ("/public", IsPublic),
        ("/market", name => !IsPublic(name)),
        ("/private", _ => false),
    ];

    /// <summary>Reads <c>[/public|/market|/private]/ws[/a/b]</c> and <c>…/stream[?streams=a/b]</c>; null for any other path.</summary>
    public static ConnectTarget? From(HttpRequest request)
    {
        var path = (request.Path.Value ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        foreach (var (prefix, delivers) in Routes)
        {
            if (path.StartsWith(prefix + "/", StringComparison.Ordinal))
            {
                return Make(path[prefix.Length..], request, delivers);
            }
        }

        return Make(path, request, IsPublic);
    }

    /// <summary>Books, quotes and raw trades; all else is of the market class.</summary>
    private static bool IsPublic(string name)
    {
        var type = name.StartsWith('!') ? name.AsSpan(1) : name.AsSpan(name.IndexOf('@', StringComparison.Ordinal) + 1);
        return type is "trade" or "bookTicker" || type.StartsWith("depth") || type.StartsWith("rpiDepth");
    }

    // There is no choice of a time unit here.
    private static ConnectTarget? Make(string path, HttpRequest request, Func<string, bool> delivers) =>
        ConnectTarget.From(path, request) is { } target ? target with { Microseconds = false, Delivers = delivers } : null;
}
