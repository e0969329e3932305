using Pipeline.Core.Market;

namespace Pipeline.History;

/// <summary>The candles of one instrument and interval.</summary>
/// <param name="Venue">Venue name, such as <c>binance</c>.</param>
/// <param name="Instrument">Our id, such as <c>BTC-USDT</c>.</param>
public readonly record struct SeriesKey(string Venue, string Instrument, CandleInterval Interval)
{
    public override string ToString() => $"{Venue}:{Instrument}:{Interval.Name}";
}
