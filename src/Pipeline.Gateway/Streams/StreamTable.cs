using System.Text;
using Pipeline.Core.Market;
using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.Streams;

/// <summary>Every stream seen, by name and by record key. Only for the hub's thread.</summary>
/// <param name="most">Streams at most.</param>
internal sealed class StreamTable(int most)
{
    private const int LongestKey = 200;
    private const int Kinds = (int)DataKind.Health + 1;

    private readonly List<MarketStream> _all = [];
    private readonly Dictionary<string, MarketStream> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InstrumentStreams> _instruments = new(StringComparer.Ordinal);

    private readonly HashSet<string> _venues = new(StringComparer.Ordinal);

    // By what of a record's key names the stream: all of it, or what lies before the last or the third colon.
    private readonly Dictionary<byte[], MarketStream>[] _byKey =
        [.. Enumerable.Range(0, Kinds).Select(_ => new Dictionary<byte[], MarketStream>(Utf8Comparer.Instance))];

    public int Count => _all.Count;

    /// <summary>Records that named no stream, or one too many.</summary>
    public long Refused { get; private set; }

    /// <summary>In order of appearance.</summary>
    public IReadOnlyList<MarketStream> All => _all;

    /// <summary>Instruments of which there is a stream, in order of appearance.</summary>
    public IReadOnlyCollection<InstrumentStreams> Instruments => _instruments.Values;

    /// <summary>Venues of which there is a stream.</summary>
    public IReadOnlySet<string> Venues => _venues;

    /// <summary>Called with every stream that appears, before its first record.</summary>
    public Action<MarketStream> Appeared { get; set; } = static _ => { };

    /// <param name="name">Such as <c>binance:BTC-USDT:candle:1m</c>.</param>
    public MarketStream? Find(string name) => _byName.GetValueOrDefault(name);

    /// <param name="instrument"><c>binance:BTC-USDT</c>.</param>
    public InstrumentStreams? FindInstrument(string instrument) => _instruments.GetValueOrDefault(instrument);

    /// <summary>The stream of a record; null when its key names none.</summary>
    public MarketStream? Of(DataKind kind, ReadOnlySpan<byte> key)
    {
        var part = kind switch
        {
            DataKind.Candle or DataKind.Gap => BeforeLast(key),
            DataKind.Health => Instrument(key),
            _ => key,
        };
        var table = _byKey[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>();
        return table.TryGetValue(part, out var stream) ? stream : Add(kind, part);
    }

    /// <summary>The stream that a record of <c>md.health</c> is about; null when it is about none of ours.</summary>
    public MarketStream? OfHealthKey(ReadOnlySpan<byte> key)
    {
        var instrument = Encoding.UTF8.GetString(Instrument(key));
        var name = Encoding.UTF8.GetString(key);
        if (Find(name) is { } known)
        {
            return known;
        }

        var dataType = name.Length > instrument.Length ? name[(instrument.Length + 1)..] : "";
        if (!DataTypes.TryParse(dataType, out var kind, out var interval) || DataTypes.NameOf(kind, interval) != dataType)
        {
            return null;
        }

        // The key that a record of this stream would have.
        var recordKey = kind switch
        {
            DataKind.Candle => $"{instrument}:{interval!.Name}:0",
            DataKind.Gap => $"{instrument}:0",
            _ => instrument,
        };
        return Of(kind, Encoding.UTF8.GetBytes(recordKey));
    }

    private MarketStream? Add(DataKind kind, ReadOnlySpan<byte> part)
    {
        var text = Encoding.UTF8.GetString(part);
        CandleInterval? interval = null;
        var instrument = text;
        if (kind == DataKind.Candle)
        {
            var cut = text.LastIndexOf(':');
            instrument = cut < 0 ? "" : text[..cut];
            if (!CandleInterval.TryParse(text[(cut + 1)..], out interval) || interval.Name != text[(cut + 1)..])
            {
                Refused++;
                return null;
            }
        }

        var colon = instrument.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || colon == instrument.Length - 1 || text.Length > LongestKey || _all.Count >= most)
        {
            Refused++;
            return null;
        }

        if (!_instruments.TryGetValue(instrument, out var streams))
        {
            _instruments.Add(instrument, streams = new InstrumentStreams(instrument, instrument[..colon], instrument[(colon + 1)..]));
        }

        var stream = new MarketStream(streams.Key, kind, interval);
        _venues.Add(streams.Venue);
        _byKey[(int)kind].Add(part.ToArray(), stream);
        _byName.Add(stream.Name, stream);
        _all.Add(stream);
        streams.All.Add(stream);
        Appeared(stream);
        return stream;
    }

    private static ReadOnlySpan<byte> BeforeLast(ReadOnlySpan<byte> key) => key[..Math.Max(0, key.LastIndexOf((byte)':'))];

    /// <summary><c>venue:instrument</c>, which other parts may follow.</summary>
    private static ReadOnlySpan<byte> Instrument(ReadOnlySpan<byte> key)
    {
        var venue = key.IndexOf((byte)':') + 1;
        var end = key[venue..].IndexOf((byte)':');
        return end < 0 ? key : key[..(venue + end)];
    }
}
