using System.Diagnostics.CodeAnalysis;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Bybit;

/// <summary>All symbols and topics.</summary>
internal sealed class BybitDirectory
{
    private readonly BybitSymbol[] _symbols;
    private readonly Dictionary<string, BybitSymbol> _byName;
    private readonly Dictionary<string, BybitTopic> _topics;

    public BybitDirectory(IEnumerable<SymbolEngine> engines)
    {
        _symbols = [.. engines.Select(engine => new BybitSymbol(engine))];
        _byName = _symbols.ToDictionary(symbol => symbol.Spec.Symbol, StringComparer.Ordinal);
        _topics = _symbols.SelectMany(symbol => symbol.Topics).ToDictionary(topic => topic.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<BybitSymbol> Symbols => _symbols;

    public BybitSymbol Of(SymbolEngine engine) => _symbols[engine.Spec.Index];

    public bool TryFind(string name, [NotNullWhen(true)] out BybitSymbol? symbol) => _byName.TryGetValue(name, out symbol);

    /// <summary>Null for what the venue does not have.</summary>
    public BybitTopic? FindTopic(string name) => _topics.GetValueOrDefault(name);
}
