namespace Pipeline.Host.Tailing;

/// <summary>
/// Picks records by the instrument in their key; without names all pass. A name may leave the venue out, and is compared without regard
/// to case and separators: <c>BTC-USDT</c>, <c>btcusdt</c>, <c>BTC/USDT</c> and <c>binance:BTC-USDT</c> are one.
/// </summary>
internal sealed class InstrumentFilter(IEnumerable<string> names)
{
    private readonly List<string> _names =
        [.. names.SelectMany(name => name.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    public bool Passes(string? key) => _names.Count == 0 || (key is not null && _names.Exists(name => Matches(key, name)));

    /// <summary>Names that match none of these keys.</summary>
    public IEnumerable<string> Unknown(IReadOnlyCollection<string> keys) => _names.Where(name => !keys.Any(key => Matches(key, name)));

    /// <summary>Keys are <c>venue:instrument</c>; those of candles go on with <c>:interval:openTime</c>.</summary>
    private static bool Matches(string key, string name)
    {
        var parts = key.Split(':');
        return parts.Length >= 2 && (IsSame(name, parts[1]) || IsSame(name, $"{parts[0]}:{parts[1]}"));
    }

    private static bool IsSame(string left, string right) => string.Equals(Plain(left), Plain(right), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) => string.Concat(name.Where(c => c is not ('-' or '/' or '_')));
}
