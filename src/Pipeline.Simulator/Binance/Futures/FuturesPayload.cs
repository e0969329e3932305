using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>Payloads of futures streams that differ from those of spot, fields in the venue's order; times in milliseconds.</summary>
internal static class FuturesPayload
{
    private const long Divisor = UnixTime.Millisecond;

    public static void Trade(FrameBuilder frame, byte[] symbol, in EngineTrade trade, long now) =>
        frame.Text("{\"e\":\"trade\",\"E\":"u8).Integer(now / Divisor).Text(",\"T\":"u8).Integer(trade.Time / Divisor)
            .Text(",\"s\":\""u8).Text(symbol).Text("\",\"t\":"u8).Integer(trade.Id)
            .Text(",\"p\":\""u8).Decimal(trade.Price, trade.Price == 0 ? 0 : frame.Format.Price)
            .Text("\",\"q\":\""u8).Decimal(trade.Quantity, trade.Quantity == 0 ? 0 : frame.Format.Quantity)
            .Text("\",\"X\":\""u8).Text(Kind(trade.Kind)).Text("\",\"m\":"u8).Flag(!trade.TakerBuys).Text("}"u8);

    /// <summary><c>nq</c> is the quantity without retail price improvement orders, of which there are none here.</summary>
    public static void AggregateTrade(FrameBuilder frame, byte[] symbol, in AggregateTrade trade, long now) =>
        frame.Text("{\"e\":\"aggTrade\",\"E\":"u8).Integer(now / Divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"a\":"u8).Integer(trade.Id).Text(",\"p\":\""u8).Price(trade.Price).Text("\",\"q\":\""u8).Quantity(trade.Quantity)
            .Text("\",\"nq\":\""u8).Quantity(trade.Quantity)
            .Text("\",\"f\":"u8).Integer(trade.FirstId).Text(",\"l\":"u8).Integer(trade.LastId)
            .Text(",\"T\":"u8).Integer(trade.Time / Divisor).Text(",\"m\":"u8).Flag(!trade.TakerBuys).Text(",\"st\":1}"u8);

    public static void BookTicker(FrameBuilder frame, byte[] symbol, SimulatedBook book, long now) =>
        frame.Text("{\"e\":\"bookTicker\",\"u\":"u8).Integer(book.LastUpdateId)
            .Text(",\"E\":"u8).Integer(now / Divisor).Text(",\"T\":"u8).Integer(now / Divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"b\":\""u8).Price(book.Bids.BestPrice).Text("\",\"B\":\""u8).Quantity(book.Bids.BestQuantity)
            .Text("\",\"a\":\""u8).Price(book.Asks.BestPrice).Text("\",\"A\":\""u8).Quantity(book.Asks.BestQuantity).Text("\"}"u8);

    /// <summary>What a book update and a partial book have in common: everything up to the levels.</summary>
    public static FrameBuilder DepthHead(FrameBuilder frame, byte[] symbol, in FuturesRange range, long now) =>
        frame.Text("{\"e\":\"depthUpdate\",\"E\":"u8).Integer(now / Divisor).Text(",\"T\":"u8).Integer(now / Divisor)
            .Text(",\"s\":\""u8).Text(symbol).Text("\",\"U\":"u8).Integer(range.First).Text(",\"u\":"u8).Integer(range.Last)
            .Text(",\"pu\":"u8).Integer(range.Previous).Text(",\"b\":["u8);

    public static void DepthUpdate(FrameBuilder frame, byte[] symbol, DepthChanges changes, in FuturesRange range, long now)
    {
        DepthHead(frame, symbol, range, now);
        BinancePayload.Levels(frame, changes.Bids);
        frame.Text("],\"a\":["u8);
        BinancePayload.Levels(frame, changes.Asks);
        frame.Text("]}"u8);
    }

    public static void PartialDepth(FrameBuilder frame, byte[] symbol, SimulatedBook book, int size, in FuturesRange range, long now)
    {
        DepthHead(frame, symbol, range, now);
        BinancePayload.Levels(frame, book.Bids, size);
        frame.Text("],\"a\":["u8);
        BinancePayload.Levels(frame, book.Asks, size);
        frame.Text("]}"u8);
    }

    public static void MarkPrice(FrameBuilder frame, byte[] symbol, PerpetualState state, long now) =>
        frame.Text("{\"e\":\"markPriceUpdate\",\"E\":"u8).Integer(now / Divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"p\":\""u8).Decimal(state.MarkPrice).Text("\",\"ap\":\""u8).Decimal(state.AverageMarkPrice)
            .Text("\",\"P\":\""u8).Decimal(state.MarkPrice).Text("\",\"i\":\""u8).Decimal(state.IndexPrice)
            .Text("\",\"r\":\""u8).Decimal(state.FundingRate).Text("\",\"T\":"u8).Integer(state.NextFundingTime / Divisor).Text(",\"st\":1}"u8);

    public static void ForceOrder(FrameBuilder frame, byte[] symbol, in Liquidation order, long now) =>
        frame.Text("{\"e\":\"forceOrder\",\"E\":"u8).Integer(now / Divisor).Text(",\"o\":{\"s\":\""u8).Text(symbol)
            .Text("\",\"S\":\""u8).Text(order.TakerBuys ? "BUY"u8 : "SELL"u8).Text("\",\"o\":\"LIMIT\",\"f\":\"IOC\",\"q\":\""u8)
            .Quantity(order.Quantity).Text("\",\"p\":\""u8).Price(order.Price).Text("\",\"ap\":\""u8).Price(order.AveragePrice)
            .Text("\",\"X\":\"FILLED\",\"l\":\""u8).Quantity(order.LastQuantity).Text("\",\"z\":\""u8).Quantity(order.Quantity)
            .Text("\",\"T\":"u8).Integer(order.Time / Divisor).Text("}}"u8);

    /// <summary>As spot's, without the quotes and the previous close.</summary>
    public static void Ticker(FrameBuilder frame, byte[] symbol, in RollingStatistics day, long now)
    {
        frame.Text("{\"e\":\"24hrTicker\",\"E\":"u8).Integer(now / Divisor).Text(",\"s\":\""u8).Text(symbol)
            .Text("\",\"p\":\""u8).Price(day.Change).Text("\",\"P\":\""u8).Decimal(day.ChangePerHundredThousand * 100_000, 3)
            .Text("\",\"w\":\""u8).Price(day.WeightedAverage).Text("\",\"c\":\""u8).Price(day.Bar.Close)
            .Text("\",\"Q\":\""u8).Quantity(day.LastQuantity);
        BinancePayload.Prices(frame, day.Bar);
        BinancePayload.Sums(frame, day, Divisor);
    }

    private static ReadOnlySpan<byte> Kind(TradeKind kind) => kind switch
    {
        TradeKind.Market => "MARKET"u8,
        TradeKind.InsuranceFund => "INSURANCE_FUND"u8,
        TradeKind.Deleveraging => "ADL"u8,
        _ => "NA"u8,
    };
}
