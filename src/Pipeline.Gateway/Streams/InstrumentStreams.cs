namespace Pipeline.Gateway.Streams;

/// <summary>The streams of one instrument.</summary>
/// <param name="Key"><c>binance:BTC-USDT</c>.</param>
/// <param name="Venue"><c>binance</c>.</param>
/// <param name="Id"><c>BTC-USDT</c>.</param>
internal sealed record InstrumentStreams(string Key, string Venue, string Id)
{
    public List<MarketStream> All { get; } = [];
}
