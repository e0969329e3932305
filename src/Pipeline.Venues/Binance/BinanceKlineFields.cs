using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance;

/// <summary>The fields of a kline's inner object as found, in whatever order.</summary>
internal struct BinanceKlineFields
{
    /// <summary>The interval is named, be it one of ours or not.</summary>
    public bool HasInterval;
    public CandleInterval? Interval;
    public long? OpenTime;
    public long? FirstId;
    public long? LastId;
    public long? Trades;
    public bool? Closed;
    public Number? Open;
    public Number? High;
    public Number? Low;
    public Number? Close;
    public WideNumber? Volume;
    public WideNumber? QuoteVolume;
    public WideNumber? TakerBuyVolume;
}
