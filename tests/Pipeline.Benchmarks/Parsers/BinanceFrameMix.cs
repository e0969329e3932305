using System.Globalization;

namespace Pipeline.Benchmarks.Parsers;

/// <summary>Frames of Binance spot in the combined envelope, fields in the venue's order.</summary>
internal sealed class BinanceFrameMix : FrameMix
{
    public override string SymbolOf(string baseName) => baseName + "USDT";

    protected override string Trade(Market market, long time)
    {
        var (symbol, stream) = Names(market);
        var tail = $"\"T\":{time},\"m\":{(Chance(50) ? "true" : "false")},\"M\":true}}}}";
        var price = $"\"p\":\"{Padded(market.Price)}\",\"q\":\"{Padded(market.LastQuantity)}\"";
        return Chance(70)
            ? $"{{\"stream\":\"{stream}@trade\",\"data\":{{\"e\":\"trade\",\"E\":{time + 1},\"s\":\"{symbol}\",\"t\":{market.TradeId},{price},{tail}"
            : $"{{\"stream\":\"{stream}@aggTrade\",\"data\":{{\"e\":\"aggTrade\",\"E\":{time + 1},\"s\":\"{symbol}\",\"a\":{market.TradeId},{price},\"f\":{market.TradeId},\"l\":{market.TradeId},{tail}";
    }

    protected override string Quote(Market market, long time)
    {
        var (symbol, stream) = Names(market);
        return $"{{\"stream\":\"{stream}@bookTicker\",\"data\":{{\"u\":{++market.UpdateId},\"s\":\"{symbol}\",\"b\":\"{Padded(market.Price - market.Tick)}\",\"B\":\"{Padded(Quantity())}\",\"a\":\"{Padded(market.Price + market.Tick)}\",\"A\":\"{Padded(Quantity())}\"}}}}";
    }

    protected override string Book(
        Market market, long time, List<(decimal Price, decimal Quantity)> bids, List<(decimal Price, decimal Quantity)> asks)
    {
        var (symbol, stream) = Names(market);
        var first = market.UpdateId + 1;
        market.UpdateId += bids.Count + asks.Count;
        return $"{{\"stream\":\"{stream}@depth@100ms\",\"data\":{{\"e\":\"depthUpdate\",\"E\":{time},\"s\":\"{symbol}\",\"U\":{first},\"u\":{market.UpdateId},\"b\":{Side(bids)},\"a\":{Side(asks)}}}}}";
    }

    protected override string PartialBook(
        Market market, long time, List<(decimal Price, decimal Quantity)> bids, List<(decimal Price, decimal Quantity)> asks) =>
        $"{{\"stream\":\"{Names(market).Stream}@depth5@100ms\",\"data\":{{\"lastUpdateId\":{market.UpdateId},\"bids\":{Side(bids)},\"asks\":{Side(asks)}}}}}";

    protected override string Candle(Market market, long time)
    {
        var (symbol, stream) = Names(market);
        var open = time / 60_000 * 60_000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"stream\":\"{stream}@kline_1m\",\"data\":{{\"e\":\"kline\",\"E\":{time},\"s\":\"{symbol}\",\"k\":{{\"t\":{open},\"T\":{open + 59_999},\"s\":\"{symbol}\",\"i\":\"1m\",\"f\":{market.TradeId - market.Trades},\"L\":{market.TradeId},\"o\":\"{Padded(market.Open)}\",\"c\":\"{Padded(market.Price)}\",\"h\":\"{Padded(market.High)}\",\"l\":\"{Padded(market.Low)}\",\"v\":\"{Padded(market.Volume)}\",\"n\":{market.Trades},\"x\":false,\"q\":\"{Padded(market.Volume)}\",\"V\":\"{Padded(market.Volume / 2)}\",\"Q\":\"{Padded(market.Volume / 2)}\",\"B\":\"0\"}}}}}}");
    }

    protected override string Ticker(Market market, long time)
    {
        var (symbol, stream) = Names(market);
        var price = Padded(market.Price);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"stream\":\"{stream}@ticker\",\"data\":{{\"e\":\"24hrTicker\",\"E\":{time},\"s\":\"{symbol}\",\"p\":\"{Padded(market.Price - market.Open)}\",\"P\":\"0.818\",\"w\":\"{price}\",\"x\":\"{Padded(market.Open)}\",\"c\":\"{price}\",\"Q\":\"{Padded(market.LastQuantity)}\",\"b\":\"{price}\",\"B\":\"4.21000000\",\"a\":\"{Padded(market.Price + market.Tick)}\",\"A\":\"1.03000000\",\"o\":\"{Padded(market.Open)}\",\"h\":\"{Padded(market.High)}\",\"l\":\"{Padded(market.Low)}\",\"v\":\"{Padded(market.Volume)}\",\"q\":\"{Padded(market.Volume)}\",\"O\":{time - 86_400_000},\"C\":{time},\"F\":{market.TradeId - market.Trades},\"L\":{market.TradeId},\"n\":{market.Trades}}}}}");
    }

    private static string Side(List<(decimal Price, decimal Quantity)> levels) =>
        $"[{string.Join(',', levels.Select(level => $"[\"{Padded(level.Price)}\",\"{Padded(level.Quantity)}\"]"))}]";

    private static (string Symbol, string Stream) Names(Market market) =>
        (market.Base + "USDT", market.Base.ToLowerInvariant() + "usdt");
}
