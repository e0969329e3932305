using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Gateway.Streams;

/// <summary>One stream: what clients subscribe to, what of it is kept, and who gets it. Only for the hub's thread.</summary>
internal sealed class MarketStream
{
    /// <summary>The kind of record has no <c>prev</c>.</summary>
    public const long NoPrev = -2;

    /// <summary>The preceding record is not known.</summary>
    public const long UnknownPrev = -1;

    private const long RateSpan = 10_000_000;

    private long _rateBegan;
    private long _rateCount;
    private double _rate;

    /// <param name="instrument"><c>venue:instrument</c>.</param>
    public MarketStream(string instrument, DataKind kind, CandleInterval? interval)
    {
        Instrument = instrument;
        var colon = instrument.IndexOf(':', StringComparison.Ordinal);
        Venue = instrument[..colon];
        InstrumentId = instrument[(colon + 1)..];
        Kind = kind;
        Interval = interval;
        DataType = DataTypes.NameOf(kind, interval);
        Name = $"{instrument}:{DataType}";
        Head = Encoding.UTF8.GetBytes($"{{\"type\":\"data\",\"stream\":\"{JsonEncodedText.Encode(Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\",\"seq\":");
        Latest = StreamSnapshot.For(kind);
    }

    /// <summary><c>binance:BTC-USDT:trade</c>, <c>…:candle:1m</c>.</summary>
    public string Name { get; }

    /// <summary><c>binance:BTC-USDT</c>.</summary>
    public string Instrument { get; }

    public string Venue { get; }

    /// <summary><c>BTC-USDT</c>.</summary>
    public string InstrumentId { get; }

    public DataKind Kind { get; }

    /// <summary>Of a candle stream, else null.</summary>
    public CandleInterval? Interval { get; }

    /// <summary><c>trade</c>, <c>candle:1m</c>.</summary>
    public string DataType { get; }

    /// <summary>Partition of its records; -1 before the first.</summary>
    public int Partition { get; private set; } = -1;

    /// <summary>Offset of its newest record; -1 before the first.</summary>
    public long LastSeq { get; private set; } = -1;

    /// <summary>Offset of its newest trade, final or revised candle; <see cref="UnknownPrev"/> before the first.</summary>
    public long LastRequired { get; private set; } = UnknownPrev;

    /// <summary>Production of its newest record, microseconds; 0 before the first.</summary>
    public long LastTimestamp { get; private set; }

    public long Records { get; private set; }

    /// <summary>What <c>md.health</c> says of it; null when nothing.</summary>
    public StreamHealthInfo? Health { get; set; }

    public StreamWindow Window { get; } = new();

    /// <summary>What a new subscriber gets first.</summary>
    public StreamSnapshot Latest { get; }

    /// <summary>Who gets all but minor records.</summary>
    public StreamRoom Room { get; } = new();

    /// <summary>Who gets minor ones too.</summary>
    public StreamRoom MinorRoom { get; } = new();

    public int Subscribers => Room.Count + MinorRoom.Count;

    /// <summary>Beginning of every data message.</summary>
    internal byte[] Head { get; }

    /// <summary>Another log begins: nothing that was is of it.</summary>
    public void Reset(long completeAfter)
    {
        LastSeq = -1;
        LastRequired = UnknownPrev;
        LastTimestamp = 0;
        Partition = -1;
        Records = 0;
        Health = null;
        Window.Reset(completeAfter);
        Latest.Clear();
    }

    /// <summary>Counts a record in and keeps its place in the row.</summary>
    /// <param name="isRequired">A trade, a final or revised candle: part of the row that <c>prev</c> links.</param>
    /// <returns>Its <c>prev</c>.</returns>
    public long Count(int partition, long offset, long timestamp, bool isRequired, long now)
    {
        if (Partition < 0)
        {
            Partition = partition;
        }

        LastSeq = offset;
        LastTimestamp = timestamp;
        Records++;
        CountRate(now);
        var prev = isRequired ? LastRequired : NoPrev;
        if (isRequired)
        {
            LastRequired = offset;
        }

        return prev;
    }

    /// <summary>Records per second over the last ten seconds or so.</summary>
    public double RateAt(long now)
    {
        var elapsed = now - _rateBegan;
        return elapsed >= 2 * RateSpan ? 0 : elapsed >= RateSpan ? _rateCount * 1e6 / elapsed : _rate > 0 ? _rate : _rateCount * 1e6 / Math.Max(elapsed, 1_000_000);
    }

    private void CountRate(long now)
    {
        var elapsed = now - _rateBegan;
        if (elapsed >= RateSpan || elapsed < 0)
        {
            _rate = elapsed is > 0 and < 2 * RateSpan ? _rateCount * 1e6 / elapsed : 0;
            _rateBegan = now;
            _rateCount = 0;
        }

        _rateCount++;
    }
}
