using System.Text;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>The streams of one symbol, by the place of their type in the dialect's list.</summary>
internal sealed class SymbolStreams
{
    private readonly StreamTypes _types;
    private readonly MarketStream[] _streams;

    public SymbolStreams(SymbolSpec spec, StreamTypes types)
    {
        _types = types;

        // Of a name such as 币安人生USDT only the Latin letters have a lower case.
        Name = spec.Symbol.ToLowerInvariant();
        Symbol = Encoding.UTF8.GetBytes(spec.Symbol);
        Format = spec.IsPerpetual ? NumberFormat.Futures(spec) : NumberFormat.Spot;
        _streams = [.. types.Names.Select(type => new MarketStream($"{Name}@{type}"))];
    }

    /// <summary>Symbol as stream names have it.</summary>
    public string Name { get; }

    /// <summary>Symbol as payloads have it, UTF-8.</summary>
    public byte[] Symbol { get; }

    public NumberFormat Format { get; }

    public MarketStream this[int type] => _streams[type];

    /// <summary>The stream of a type such as <c>trade</c>, or null.</summary>
    public MarketStream? Find(string type) => _types.Find(type) is >= 0 and var index ? _streams[index] : null;
}
