using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.Streams;

/// <summary>Every stream seen, by name. Only for the hub's thread.</summary>
internal sealed class StreamTable
{
    public int Count => throw new NotImplementedException();

    /// <summary>In order of appearance.</summary>
    public IReadOnlyList<MarketStream> All => throw new NotImplementedException();

    /// <param name="name">Such as <c>binance:BTC-USDT:candle:1m</c>.</param>
    public MarketStream? Find(string name) => throw new NotImplementedException();

    public MarketStream? Find(CandleSeries series) => throw new NotImplementedException();

    /// <summary>Figures of every stream that a venue's data or health told of, for boards.</summary>
    public IReadOnlyList<StreamRow> Rows(long now) => throw new NotImplementedException();
}
