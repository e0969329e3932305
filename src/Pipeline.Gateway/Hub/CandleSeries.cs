using Pipeline.Core.Market;

namespace Pipeline.Gateway.Hub;

/// <summary>The candles of one instrument and length.</summary>
/// <param name="Instrument"><c>venue:instrument</c>.</param>
internal readonly record struct CandleSeries(string Instrument, CandleInterval Interval)
{
    public override string ToString() => $"{Instrument}:candle:{Interval.Name}";
}
