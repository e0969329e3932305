using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>The newest windows of one instrument and interval.</summary>
internal sealed class AuditSeries(Instrument instrument, CandleInterval interval, AuditGaps gaps)
{
    private readonly SortedDictionary<long, AuditedCandle> _candles = [];

    public Instrument Instrument { get; } = instrument;

    public CandleInterval Interval { get; } = interval;

    public AuditGaps Gaps { get; } = gaps;

    /// <summary>The venue's candles name their trades by the ids of our stream.</summary>
    public bool HasIds { get; } = instrument.Rules.HasCandleIds;

    /// <summary>Opening time of our first candle; the maximum before it.</summary>
    public long OursFrom { get; private set; } = long.MaxValue;

    /// <summary>Opening time of our newest candle; the minimum before it.</summary>
    public long OursTo { get; private set; } = long.MinValue;

    public int Count => _candles.Count;

    public IEnumerable<AuditedCandle> Candles => _candles.Values;

    public AuditedCandle Of(long openTime)
    {
        if (!_candles.TryGetValue(openTime, out var candle))
        {
            _candles[openTime] = candle = new AuditedCandle(openTime);
        }

        return candle;
    }

    public void NoteOurs(long openTime)
    {
        OursFrom = Math.Min(OursFrom, openTime);
        OursTo = Math.Max(OursTo, openTime);
    }

    public AuditedCandle RemoveOldest()
    {
        var oldest = _candles.First().Value;
        _candles.Remove(oldest.OpenTime);
        oldest.IsGone = true;
        return oldest;
    }
}
