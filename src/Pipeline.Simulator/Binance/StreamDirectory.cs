using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>All streams that carry data.</summary>
internal sealed class StreamDirectory
{
    private readonly SymbolStreams[] _symbols;
    private readonly Dictionary<string, SymbolStreams> _byName;

    public StreamDirectory(IEnumerable<SymbolSpec> symbols)
    {
        _symbols = [.. symbols.Select(spec => new SymbolStreams(spec))];
        _byName = _symbols.ToDictionary(symbol => symbol.Name, StringComparer.Ordinal);
    }

    public SymbolStreams Of(SymbolEngine engine) => _symbols[engine.Spec.Index];

    /// <summary>Null for a name that exists nowhere, which the venue treats as one that is silent.</summary>
    public MarketStream? Find(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && _byName.TryGetValue(name[..at], out var symbol) ? symbol.Find(name[(at + 1)..]) : null;
    }
}
