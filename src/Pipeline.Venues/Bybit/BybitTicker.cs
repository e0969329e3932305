using Pipeline.Core.Market;

namespace Pipeline.Venues.Bybit;

/// <summary>The data of a ticker message as found.</summary>
internal struct BybitTicker
{
    public Number? Last;
    public Number? Open;
    public Number? High;
    public Number? Low;
    public WideNumber? Volume;
    public WideNumber? Turnover;
}
