using System.Text;

namespace Pipeline.Core.Market;

/// <summary>One traded thing at one venue, under our name and the venue's.</summary>
public sealed class Instrument
{
    public Instrument(int index, string venue, string id, string symbol, SequenceRules? rules = null, Number? contractSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(venue);
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        Index = index;
        Venue = venue;
        Id = id;
        Symbol = symbol;
        Rules = rules ?? SequenceRules.Default;
        ContractSize = contractSize ?? new Number(1, 0);
        Key = $"{venue}:{id}";
        KeyUtf8 = Encoding.UTF8.GetBytes(Key);
    }

    /// <summary>Dense number, stable for the life of the process: state per instrument lives in arrays under it.</summary>
    public int Index { get; }

    /// <summary>Venue name, such as <c>binance</c>.</summary>
    public string Venue { get; }

    /// <summary>Our name: <c>BTC-USDT</c> for spot, <c>BTC-USDT-PERP</c> for perpetuals.</summary>
    public string Id { get; }

    /// <summary>The venue's own spelling, such as <c>BTCUSDT</c>.</summary>
    public string Symbol { get; }

    /// <summary>How the ids of its streams hang together.</summary>
    public SequenceRules Rules { get; }

    /// <summary>Base currency in one unit of its quantities: 1, except where the venue counts contracts.</summary>
    public Number ContractSize { get; }

    /// <summary><c>venue:instrument</c>: record key and input of the partition function.</summary>
    public string Key { get; }

    public ReadOnlyMemory<byte> KeyUtf8 { get; }

    public override string ToString() => Key;
}
