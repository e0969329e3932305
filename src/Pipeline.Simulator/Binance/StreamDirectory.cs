using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>All streams that carry data.</summary>
internal sealed class StreamDirectory
{
    private readonly SymbolStreams[] _symbols;
    private readonly Dictionary<string, SymbolStreams> _byName;
    private readonly Dictionary<string, MarketStream> _marketWide;

    /// <param name="symbols">What is listed, by index.</param>
    /// <param name="types">The streams of each symbol.</param>
    /// <param name="marketWide">Names of the streams of all symbols together, such as <c>!miniTicker@arr</c>.</param>
    public StreamDirectory(IEnumerable<SymbolSpec> symbols, StreamTypes types, IEnumerable<string> marketWide)
    {
        _symbols = [.. symbols.Select(spec => new SymbolStreams(spec, types))];
        _byName = _symbols.ToDictionary(symbol => symbol.Name, StringComparer.Ordinal);
        _marketWide = marketWide.ToDictionary(name => name, name => new MarketStream(name), StringComparer.Ordinal);
    }

    public SymbolStreams Of(SymbolEngine engine) => _symbols[engine.Spec.Index];

    /// <summary>A stream of all symbols together.</summary>
    public MarketStream MarketWide(string name) => _marketWide[name];

    /// <summary>Null for a name that exists nowhere, which the venue treats as one that is silent.</summary>
    public MarketStream? Find(string name)
    {
        if (name.StartsWith('!'))
        {
            return _marketWide.GetValueOrDefault(name);
        }

        var at = name.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && _byName.TryGetValue(name[..at], out var symbol) ? symbol.Find(name[(at + 1)..]) : null;
    }
}
