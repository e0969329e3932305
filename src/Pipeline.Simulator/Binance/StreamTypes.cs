namespace Pipeline.Simulator.Binance;

/// <summary>The stream types that a dialect has for each symbol, such as <c>aggTrade</c> or <c>depth@100ms</c>.</summary>
internal sealed class StreamTypes
{
    private readonly Dictionary<string, int> _byName;

    public StreamTypes(IReadOnlyList<string> names)
    {
        Names = names;
        _byName = names.Select((type, index) => (type, index)).ToDictionary(pair => pair.type, pair => pair.index, StringComparer.Ordinal);
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>Place of a type; -1 when there is none.</summary>
    public int Find(string type) => _byName.TryGetValue(type, out var index) ? index : -1;
}
