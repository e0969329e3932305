using Pipeline.Core.Market;

namespace Pipeline.Venues.Bybit;

/// <summary>A row of a candle message as found.</summary>
internal struct BybitKline
{
    public long? OpenTime;
    public Number? Open;
    public Number? High;
    public Number? Low;
    public Number? Close;
    public WideNumber? Volume;
    public WideNumber? Turnover;
    public bool? Closed;
}
