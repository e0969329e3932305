using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>
/// Payloads of Binance spot streams, fields in the venue's order. Times come in microseconds and are written in the unit
/// <c>divisor</c> stands for: 1000 = milliseconds, 1 = microseconds.
/// </summary>
internal static class BinancePayload
{
    public static void Trade(FrameBuilder frame, byte[] symbol, in EngineTrade trade, long now, long divisor)
    {
        frame.Text("{\"e\":\"trade\",\"E\":"u8).Integer(now / divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"t\":"u8).Integer(trade.Id).Text(",\"p\":\""u8).Decimal(trade.Price).Text("\",\"q\":\""u8).Decimal(trade.Quantity)
            .Text("\",\"T\":"u8).Integer(trade.Time / divisor).Text(",\"m\":"u8).Flag(!trade.TakerBuys).Text(",\"M\":true}"u8);
    }

    public static void AggregateTrade(FrameBuilder frame, byte[] symbol, in AggregateTrade trade, long now, long divisor)
    {
        frame.Text("{\"e\":\"aggTrade\",\"E\":"u8).Integer(now / divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"a\":"u8).Integer(trade.Id).Text(",\"p\":\""u8).Decimal(trade.Price).Text("\",\"q\":\""u8).Decimal(trade.Quantity)
            .Text("\",\"f\":"u8).Integer(trade.FirstId).Text(",\"l\":"u8).Integer(trade.LastId)
            .Text(",\"T\":"u8).Integer(trade.Time / divisor).Text(",\"m\":"u8).Flag(!trade.TakerBuys).Text(",\"M\":true}"u8);
    }

    public static void BookTicker(FrameBuilder frame, byte[] symbol, SimulatedBook book)
    {
        frame.Text("{\"u\":"u8).Integer(book.LastUpdateId).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"b\":\""u8).Decimal(book.Bids.BestPrice).Text("\",\"B\":\""u8).Decimal(book.Bids.BestQuantity)
            .Text("\",\"a\":\""u8).Decimal(book.Asks.BestPrice).Text("\",\"A\":\""u8).Decimal(book.Asks.BestQuantity).Text("\"}"u8);
    }

    /// <param name="frame">Where to.</param>
    /// <param name="symbol">Whose.</param>
    /// <param name="changes">Last quantity of every level that changed.</param>
    /// <param name="range">First and last update id.</param>
    /// <param name="now">The publisher's time.</param>
    /// <param name="divisor">Unit of time.</param>
    public static void DepthUpdate(
        FrameBuilder frame, byte[] symbol, DepthChanges changes, (long First, long Last) range, long now, long divisor)
    {
        frame.Text("{\"e\":\"depthUpdate\",\"E\":"u8).Integer(now / divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"U\":"u8).Integer(range.First).Text(",\"u\":"u8).Integer(range.Last).Text(",\"b\":["u8);
        Levels(frame, changes.Bids);
        frame.Text("],\"a\":["u8);
        Levels(frame, changes.Asks);
        frame.Text("]}"u8);
    }

    public static void PartialDepth(FrameBuilder frame, SimulatedBook book, int size)
    {
        frame.Text("{\"lastUpdateId\":"u8).Integer(book.LastUpdateId).Text(",\"bids\":["u8);
        Levels(frame, book.Bids, size);
        frame.Text("],\"asks\":["u8);
        Levels(frame, book.Asks, size);
        frame.Text("]}"u8);
    }

    public static void Kline(
        FrameBuilder frame, byte[] symbol, ReadOnlySpan<byte> interval, in KlineBar bar, bool closed, long now, long divisor)
    {
        frame.Text("{\"e\":\"kline\",\"E\":"u8).Integer(now / divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"k\":{\"t\":"u8).Integer(bar.OpenTime / divisor).Text(",\"T\":"u8).Integer((bar.EndTime / divisor) - 1)
            .Text(",\"s\":\""u8).Text(symbol).Text("\",\"i\":\""u8).Text(interval)
            .Text("\",\"f\":"u8).Integer(bar.FirstId).Text(",\"L\":"u8).Integer(bar.LastId)
            .Text(",\"o\":\""u8).Decimal(bar.Open).Text("\",\"c\":\""u8).Decimal(bar.Close)
            .Text("\",\"h\":\""u8).Decimal(bar.High).Text("\",\"l\":\""u8).Decimal(bar.Low)
            .Text("\",\"v\":\""u8).Decimal(bar.Volume).Text("\",\"n\":"u8).Integer(bar.Trades).Text(",\"x\":"u8).Flag(closed)
            .Text(",\"q\":\""u8).Decimal(bar.QuoteVolume / FixedPoint.One)
            .Text("\",\"V\":\""u8).Decimal(bar.TakerBuyVolume)
            .Text("\",\"Q\":\""u8).Decimal(bar.TakerBuyQuoteVolume / FixedPoint.One).Text("\",\"B\":\"0\"}}"u8);
    }

    private static void Levels(FrameBuilder frame, ReadOnlySpan<DepthLevel> levels)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            Level(frame, i == 0, levels[i].Price, levels[i].Quantity);
        }
    }

    private static void Levels(FrameBuilder frame, BookSide side, int size)
    {
        for (var i = 0; i < Math.Min(size, side.Count); i++)
        {
            var (price, quantity) = side.Level(i);
            Level(frame, i == 0, price, quantity);
        }
    }

    private static void Level(FrameBuilder frame, bool first, long price, long quantity) =>
        frame.Text(first ? "[\""u8 : ",[\""u8).Decimal(price).Text("\",\""u8).Decimal(quantity).Text("\"]"u8);
}
