using System.Text;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>The streams of one symbol.</summary>
internal sealed class SymbolStreams
{
    /// <summary>Sizes of partial books.</summary>
    public static readonly int[] PartialSizes = [5, 10, 20];

    private static readonly Dictionary<string, int> ByType = MakeTypes();
    private readonly MarketStream[] _streams;

    public SymbolStreams(SymbolSpec spec)
    {
        // Of a name such as 币安人生USDT only the Latin letters have a lower case.
        Name = spec.Symbol.ToLowerInvariant();
        Symbol = Encoding.UTF8.GetBytes(spec.Symbol);
        _streams = [.. ByType.OrderBy(type => type.Value).Select(type => new MarketStream($"{Name}@{type.Key}"))];
    }

    /// <summary>Symbol as stream names have it.</summary>
    public string Name { get; }

    /// <summary>Symbol as payloads have it, UTF-8.</summary>
    public byte[] Symbol { get; }

    public MarketStream Trade => _streams[0];

    public MarketStream AggregateTrade => _streams[1];

    public MarketStream BookTicker => _streams[2];

    public MarketStream Depth(bool wholeSecond) => _streams[wholeSecond ? 3 : 4];

    /// <param name="size">Index into <see cref="PartialSizes"/>.</param>
    /// <param name="wholeSecond">The slower of the two.</param>
    public MarketStream PartialDepth(int size, bool wholeSecond) => _streams[5 + (2 * size) + (wholeSecond ? 0 : 1)];

    /// <param name="series">Index into <see cref="KlineKey.All"/>.</param>
    public MarketStream Kline(int series) => _streams[5 + (2 * PartialSizes.Length) + series];

    /// <summary>The stream of a type such as <c>trade</c>, or null.</summary>
    public MarketStream? Find(string type) => ByType.TryGetValue(type, out var index) ? _streams[index] : null;

    private static Dictionary<string, int> MakeTypes()
    {
        List<string> types = ["trade", "aggTrade", "bookTicker", "depth", "depth@100ms"];
        types.AddRange(PartialSizes.SelectMany(size => new[] { $"depth{size}", $"depth{size}@100ms" }));
        types.AddRange(KlineKey.All.Select(key => $"kline_{key.Interval.Name}{(key.Zone == 0 ? "" : "@+08:00")}"));
        return types.Select((type, index) => (type, index)).ToDictionary(pair => pair.type, pair => pair.index, StringComparer.Ordinal);
    }
}
