using System.Globalization;

namespace Pipeline.Benchmarks.Parsers;

/// <summary>Frames of OKX v5, fields in the venue's order.</summary>
internal sealed class OkxFrameMix : FrameMix
{
    public override string SymbolOf(string baseName) => baseName + "-USDT";

    protected override string Trade(Market market, long time)
    {
        var symbol = SymbolOf(market.Base);
        var side = Chance(50) ? "sell" : "buy";
        return Chance(50)
            ? $"{Arg("trades", symbol)},\"data\":[{{\"instId\":\"{symbol}\",\"tradeId\":\"{market.TradeId}\",\"px\":\"{Plain(market.Price)}\",\"sz\":\"{Plain(market.LastQuantity)}\",\"side\":\"{side}\",\"ts\":\"{time}\",\"count\":\"1\",\"source\":\"0\",\"seqId\":{market.UpdateId}}}]}}"
            : $"{Arg("trades-all", symbol)},\"data\":[{{\"instId\":\"{symbol}\",\"tradeId\":\"{market.TradeId}\",\"px\":\"{Plain(market.Price)}\",\"sz\":\"{Plain(market.LastQuantity)}\",\"side\":\"{side}\",\"source\":\"0\",\"ts\":\"{time}\"}}]}}";
    }

    protected override string Quote(Market market, long time) =>
        $"{Arg("bbo-tbt", SymbolOf(market.Base))},\"data\":[{{\"asks\":[[\"{Plain(market.Price + market.Tick)}\",\"{Plain(Quantity(6))}\",\"0\",\"4\"]],\"bids\":[[\"{Plain(market.Price - market.Tick)}\",\"{Plain(Quantity(6))}\",\"0\",\"12\"]],\"ts\":\"{time}\",\"seqId\":{++market.UpdateId}}}]}}";

    protected override string Book(
        Market market, long time, List<(decimal Price, decimal Quantity)> bids, List<(decimal Price, decimal Quantity)> asks)
    {
        var before = market.UpdateId;
        market.UpdateId += bids.Count + asks.Count;
        return $"{Arg("books", SymbolOf(market.Base))},\"action\":\"update\",\"data\":[{{\"asks\":{Side(asks)},\"bids\":{Side(bids)},\"ts\":\"{time}\",\"checksum\":0,\"prevSeqId\":{before},\"seqId\":{market.UpdateId}}}]}}";
    }

    protected override string PartialBook(
        Market market, long time, List<(decimal Price, decimal Quantity)> bids, List<(decimal Price, decimal Quantity)> asks)
    {
        var symbol = SymbolOf(market.Base);
        return $"{Arg("books5", symbol)},\"data\":[{{\"asks\":{Side(asks)},\"bids\":{Side(bids)},\"instId\":\"{symbol}\",\"ts\":\"{time}\",\"seqId\":{market.UpdateId}}}]}}";
    }

    protected override string Candle(Market market, long time)
    {
        var volume = Plain(market.Volume);
        return $"{Arg("candle1m", SymbolOf(market.Base))},\"data\":[[\"{time / 60_000 * 60_000}\",\"{Plain(market.Open)}\",\"{Plain(market.High)}\",\"{Plain(market.Low)}\",\"{Plain(market.Price)}\",\"{volume}\",\"{volume}\",\"{volume}\",\"0\"]]}}";
    }

    protected override string Ticker(Market market, long time)
    {
        var symbol = SymbolOf(market.Base);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Arg("tickers", symbol)},\"data\":[{{\"instType\":\"SPOT\",\"instId\":\"{symbol}\",\"last\":\"{Plain(market.Price)}\",\"lastSz\":\"{Plain(market.LastQuantity)}\",\"askPx\":\"{Plain(market.Price + market.Tick)}\",\"askSz\":\"1.03\",\"bidPx\":\"{Plain(market.Price)}\",\"bidSz\":\"4.21\",\"open24h\":\"{Plain(market.Open)}\",\"high24h\":\"{Plain(market.High)}\",\"low24h\":\"{Plain(market.Low)}\",\"sodUtc0\":\"{Plain(market.Open)}\",\"sodUtc8\":\"{Plain(market.Open)}\",\"volCcy24h\":\"{Plain(market.Volume)}\",\"vol24h\":\"{Plain(market.Volume)}\",\"ts\":\"{time}\"}}]}}");
    }

    private static string Arg(string channel, string symbol) => $"{{\"arg\":{{\"channel\":\"{channel}\",\"instId\":\"{symbol}\"}}";

    private static string Side(List<(decimal Price, decimal Quantity)> levels) =>
        $"[{string.Join(',', levels.Select(level => $"[\"{Plain(level.Price)}\",\"{Plain(level.Quantity)}\",\"0\",\"3\"]"))}]";
}
