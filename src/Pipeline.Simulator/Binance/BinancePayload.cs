using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>
/// Payloads of Binance streams, fields in the venue's order; those of futures that differ are elsewhere. Times come in microseconds
/// and are written in the unit <c>divisor</c> stands for: 1000 = milliseconds, 1 = microseconds.
/// </summary>
internal static class BinancePayload
{
    public static void Trade(FrameBuilder frame, byte[] symbol, in EngineTrade trade, long now, long divisor)
    {
        frame.Text("{\"e\":\"trade\",\"E\":"u8).Integer(now / divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"t\":"u8).Integer(trade.Id).Text(",\"p\":\""u8).Price(trade.Price).Text("\",\"q\":\""u8).Quantity(trade.Quantity)
            .Text("\",\"T\":"u8).Integer(trade.Time / divisor).Text(",\"m\":"u8).Flag(!trade.TakerBuys).Text(",\"M\":true}"u8);
    }

    public static void AggregateTrade(FrameBuilder frame, byte[] symbol, in AggregateTrade trade, long now, long divisor)
    {
        frame.Text("{\"e\":\"aggTrade\",\"E\":"u8).Integer(now / divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"a\":"u8).Integer(trade.Id).Text(",\"p\":\""u8).Price(trade.Price).Text("\",\"q\":\""u8).Quantity(trade.Quantity)
            .Text("\",\"f\":"u8).Integer(trade.FirstId).Text(",\"l\":"u8).Integer(trade.LastId)
            .Text(",\"T\":"u8).Integer(trade.Time / divisor).Text(",\"m\":"u8).Flag(!trade.TakerBuys).Text(",\"M\":true}"u8);
    }

    public static void BookTicker(FrameBuilder frame, byte[] symbol, SimulatedBook book)
    {
        frame.Text("{\"u\":"u8).Integer(book.LastUpdateId).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"b\":\""u8).Price(book.Bids.BestPrice).Text("\",\"B\":\""u8).Quantity(book.Bids.BestQuantity)
            .Text("\",\"a\":\""u8).Price(book.Asks.BestPrice).Text("\",\"A\":\""u8).Quantity(book.Asks.BestQuantity).Text("\"}"u8);
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
            .Text(",\"o\":\""u8).Price(bar.Open).Text("\",\"c\":\""u8).Price(bar.Close)
            .Text("\",\"h\":\""u8).Price(bar.High).Text("\",\"l\":\""u8).Price(bar.Low)
            .Text("\",\"v\":\""u8).Quantity(bar.Volume).Text("\",\"n\":"u8).Integer(bar.Trades).Text(",\"x\":"u8).Flag(closed)
            .Text(",\"q\":\""u8).Turnover(bar.QuoteVolume)
            .Text("\",\"V\":\""u8).Quantity(bar.TakerBuyVolume)
            .Text("\",\"Q\":\""u8).Turnover(bar.TakerBuyQuoteVolume).Text("\",\"B\":\"0\"}}"u8);
    }

    /// <summary>Statistics of 24 hours: the whole ticker, or the small one.</summary>
    public static void Ticker(FrameBuilder frame, byte[] symbol, SymbolEngine engine, in RollingStatistics day, long now, long divisor)
    {
        var book = engine.Book;
        frame.Text("{\"e\":\"24hrTicker\",\"E\":"u8).Integer(now / divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"p\":\""u8).Price(day.Change).Text("\",\"P\":\""u8).Decimal(day.ChangePerHundredThousand * 100_000, 3)
            .Text("\",\"w\":\""u8).Price(day.WeightedAverage).Text("\",\"x\":\""u8).Price(day.PreviousClose)
            .Text("\",\"c\":\""u8).Price(day.Bar.Close).Text("\",\"Q\":\""u8).Quantity(day.LastQuantity)
            .Text("\",\"b\":\""u8).Price(book.Bids.BestPrice).Text("\",\"B\":\""u8).Quantity(book.Bids.BestQuantity)
            .Text("\",\"a\":\""u8).Price(book.Asks.BestPrice).Text("\",\"A\":\""u8).Quantity(book.Asks.BestQuantity);
        Prices(frame, day.Bar);
        Sums(frame, day, divisor);
    }

    public static void MiniTicker(FrameBuilder frame, byte[] symbol, in RollingStatistics day, long now, long divisor)
    {
        frame.Text("{\"e\":\"24hrMiniTicker\",\"E\":"u8).Integer(now / divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"c\":\""u8).Price(day.Bar.Close);
        Prices(frame, day.Bar);
        frame.Text("\"}"u8);
    }

    public static void AveragePrice(FrameBuilder frame, byte[] symbol, in RollingStatistics minutes, long now, long divisor)
    {
        frame.Text("{\"e\":\"avgPrice\",\"E\":"u8).Integer(now / divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"i\":\"5m\",\"w\":\""u8).Price(minutes.WeightedAverage == 0 ? minutes.Bar.Close : minutes.WeightedAverage)
            .Text("\",\"T\":"u8).Integer(minutes.LastTime / divisor).Text("}"u8);
    }

    /// <summary>The end of a 24 hour ticker, after its volumes.</summary>
    public static void Sums(FrameBuilder frame, in RollingStatistics day, long divisor) =>
        frame.Text("\",\"O\":"u8).Integer(day.Bar.OpenTime / divisor).Text(",\"C\":"u8).Integer(day.CloseTime / divisor)
            .Text(",\"F\":"u8).Integer(day.Bar.FirstId).Text(",\"L\":"u8).Integer(day.Bar.LastId)
            .Text(",\"n\":"u8).Integer(day.Bar.Trades).Text("}"u8);

    /// <summary>Open, high, low and volumes, as both tickers have them.</summary>
    public static void Prices(FrameBuilder frame, in KlineBar bar) =>
        frame.Text("\",\"o\":\""u8).Price(bar.Open).Text("\",\"h\":\""u8).Price(bar.High).Text("\",\"l\":\""u8).Price(bar.Low)
            .Text("\",\"v\":\""u8).Quantity(bar.Volume).Text("\",\"q\":\""u8).Turnover(bar.QuoteVolume);

    public static void Levels(FrameBuilder frame, ReadOnlySpan<DepthLevel> levels)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            Level(frame, i == 0, levels[i].Price, levels[i].Quantity);
        }
    }

    public static void Levels(FrameBuilder frame, BookSide side, int size)
    {
        for (var i = 0; i < Math.Min(size, side.Count); i++)
        {
            var (price, quantity) = side.Level(i);
            Level(frame, i == 0, price, quantity);
        }
    }

    private static void Level(FrameBuilder frame, bool first, long price, long quantity) =>
        frame.Text(first ? "[\""u8 : ",[\""u8).Price(price).Text("\",\""u8).Quantity(quantity).Text("\"]"u8);

    /// <summary>Levels of a snapshot as <c>[["price","quantity"],…]</c> without the outer brackets.</summary>
    public static void Levels(FrameBuilder frame, IReadOnlyList<PriceLevel> levels)
    {
        for (var i = 0; i < levels.Count; i++)
        {
            Level(frame, i == 0, levels[i].Price, levels[i].Quantity);
        }
    }
}
