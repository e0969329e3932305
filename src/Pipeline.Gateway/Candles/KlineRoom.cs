using System.Text;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;

namespace Pipeline.Gateway.Candles;

/// <summary>The clients that named a series in one spelling and want its numbers in one form.</summary>
internal sealed class KlineRoom
{
    private readonly byte[] _prefix;

    private KlineRoom(string name, CandleSeries series, bool strings, bool isPlain, byte[] prefix)
    {
        IsPlain = isPlain;
        Name = name;
        Series = series;
        Strings = strings;
        _prefix = prefix;
    }

    /// <summary><c>kline:BTC-USDT:m1</c>, with <c>:s</c> for strings.</summary>
    public string Name { get; }

    public CandleSeries Series { get; }

    /// <inheritdoc cref="SymbolResolver.IsPlain"/>
    public bool IsPlain { get; }

    /// <summary>Numbers as strings.</summary>
    public bool Strings { get; }

    /// <summary>Who is in it. Only for the hub's thread.</summary>
    public HashSet<KlineSession> Members { get; } = [];

    public static string NameOf(string symbol, string interval, bool strings) => $"kline:{symbol}:{interval}{(strings ? ":s" : "")}";

    /// <param name="symbol">As the client spells it, checked.</param>
    /// <param name="interval">As the client spells it, checked.</param>
    public static KlineRoom Make(string symbol, string interval, bool strings, CandleSeries series)
    {
        var prefix = new JsonBuffer().Raw("{\"symbol\":"u8).Text(symbol).Raw(",\"interval\":"u8).Text(interval).Raw(",\"timestamp\":"u8).ToArray();
        return new KlineRoom(NameOf(symbol, interval, strings), series, strings, SymbolResolver.IsPlain(symbol), prefix);
    }

    /// <summary>The <c>kline_data</c> of a candle that is encoded already.</summary>
    public byte[] Encode(long milliseconds, ReadOnlySpan<byte> candle) =>
        new JsonBuffer(_prefix.Length + candle.Length + 32).Raw(_prefix).Integer(milliseconds).Raw(",\"data\":"u8).Raw(candle).Raw((byte)'}').ToArray();

    public override string ToString() => Encoding.UTF8.GetString(_prefix);
}
