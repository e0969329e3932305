using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>
/// Rows of market data, as WebSocket pushes and REST answers share them. Times come in microseconds and are written in milliseconds;
/// numbers are texts. Sizes are coins on spot and contracts on swaps.
/// </summary>
internal static class OkxPayload
{
    private const long OrdersPerLevel = 7;

    public static void Ticker(FrameBuilder frame, OkxInstrument instrument, long now)
    {
        var book = instrument.Engine.Book;
        var day = instrument.Engine.Statistics(now);
        var perpetual = instrument.Spec.IsPerpetual;
        frame.Text("{\"instType\":\""u8).Text(InstrumentType(instrument)).Text("\",\"instId\":\""u8).Text(instrument.Id)
            .Text("\",\"last\":\""u8).Trimmed(day.Bar.Close).Text("\",\"lastSz\":\""u8).Trimmed(Size(instrument, day.LastQuantity))
            .Text("\",\"askPx\":\""u8).Trimmed(book.Asks.BestPrice)
            .Text("\",\"askSz\":\""u8).Trimmed(Size(instrument, book.Asks.BestQuantity))
            .Text("\",\"bidPx\":\""u8).Trimmed(book.Bids.BestPrice)
            .Text("\",\"bidSz\":\""u8).Trimmed(Size(instrument, book.Bids.BestQuantity))
            .Text("\",\"open24h\":\""u8).Trimmed(day.Bar.Open).Text("\",\"high24h\":\""u8).Trimmed(day.Bar.High)
            .Text("\",\"low24h\":\""u8).Trimmed(day.Bar.Low)
            .Text("\",\"sodUtc0\":\""u8).Trimmed(DayOpen(instrument, "1Dutc"))
            .Text("\",\"sodUtc8\":\""u8).Trimmed(DayOpen(instrument, "1D"))
            .Text("\",\"volCcy24h\":\""u8).Trimmed(perpetual ? day.Bar.Volume : day.Bar.QuoteVolume / FixedPoint.One)
            .Text("\",\"vol24h\":\""u8).Trimmed(Size(instrument, day.Bar.Volume));
        Time(frame, now);
    }

    /// <summary>What one taker order took at one price; the id is that of the last of <c>count</c> fills.</summary>
    public static void Trade(FrameBuilder frame, OkxInstrument instrument, in AggregateTrade trade, long sequence)
    {
        TradeBegin(frame, instrument, trade.LastId, trade.Price, trade.Quantity, trade.TakerBuys);
        frame.Text("\",\"ts\":\""u8).Integer(trade.Time / UnixTime.Millisecond)
            .Text("\",\"count\":\""u8).Integer(trade.LastId - trade.FirstId + 1)
            .Text("\",\"source\":\"0\",\"seqId\":"u8).Integer(sequence).Text("}"u8);
    }

    /// <summary>One fill.</summary>
    public static void Fill(FrameBuilder frame, OkxInstrument instrument, in EngineTrade trade)
    {
        TradeBegin(frame, instrument, trade.Id, trade.Price, trade.Quantity, trade.TakerBuys);
        frame.Text("\",\"source\":\"0"u8);
        Time(frame, trade.Time);
    }

    public static void Candle(FrameBuilder frame, OkxInstrument instrument, in KlineBar bar, bool closed)
    {
        var turnover = bar.QuoteVolume / FixedPoint.One;
        frame.Text("[\""u8).Integer(bar.OpenTime / UnixTime.Millisecond).Text("\",\""u8).Trimmed(bar.Open)
            .Text("\",\""u8).Trimmed(bar.High).Text("\",\""u8).Trimmed(bar.Low).Text("\",\""u8).Trimmed(bar.Close)
            .Text("\",\""u8).Trimmed(Size(instrument, bar.Volume))
            .Text("\",\""u8).Trimmed(instrument.Spec.IsPerpetual ? bar.Volume : turnover)
            .Text("\",\""u8).Trimmed(turnover).Text(closed ? "\",\"1\"]"u8 : "\",\"0\"]"u8);
    }

    /// <summary>Both sides without the braces around them.</summary>
    /// <param name="frame">Where to.</param>
    /// <param name="instrument">Whose.</param>
    /// <param name="asks">Best first.</param>
    /// <param name="bids">Best first.</param>
    /// <param name="withZero">Whether a level has the third of its four elements, which means nothing any more.</param>
    public static void Book(
        FrameBuilder frame, OkxInstrument instrument, ReadOnlySpan<PriceLevel> asks, ReadOnlySpan<PriceLevel> bids, bool withZero = true)
    {
        frame.Text("\"asks\":["u8);
        Levels(frame, instrument, asks, withZero);
        frame.Text("],\"bids\":["u8);
        Levels(frame, instrument, bids, withZero);
        frame.Text("]"u8);
    }

    public static Int128 Size(OkxInstrument instrument, Int128 coins) => coins * instrument.ContractsPerCoin;

    public static ReadOnlySpan<byte> InstrumentType(OkxInstrument instrument) => instrument.Spec.IsPerpetual ? "SWAP"u8 : "SPOT"u8;

    /// <summary>The last member of a row whose text value is still open.</summary>
    public static void Time(FrameBuilder frame, long time) =>
        frame.Text("\",\"ts\":\""u8).Integer(time / UnixTime.Millisecond).Text("\"}"u8);

    private static void TradeBegin(FrameBuilder frame, OkxInstrument instrument, long id, long price, long quantity, bool takerBuys) =>
        frame.Text("{\"instId\":\""u8).Text(instrument.Id).Text("\",\"tradeId\":\""u8).Integer(id)
            .Text("\",\"px\":\""u8).Trimmed(price).Text("\",\"sz\":\""u8).Trimmed(Size(instrument, quantity))
            .Text("\",\"side\":\""u8).Text(takerBuys ? "buy"u8 : "sell"u8);

    private static void Levels(FrameBuilder frame, OkxInstrument instrument, ReadOnlySpan<PriceLevel> levels, bool withZero)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            var (price, quantity) = levels[i];
            frame.Text(i == 0 ? "[\""u8 : ",[\""u8).Trimmed(price).Text("\",\""u8).Trimmed(Size(instrument, quantity))
                .Text(withZero ? "\",\"0\",\""u8 : "\",\""u8).Integer(Orders(instrument, quantity)).Text("\"]"u8);
        }
    }

    /// <summary>The world knows sums only: a number that follows from the quantity is at least the same in every channel.</summary>
    private static long Orders(OkxInstrument instrument, long quantity) =>
        quantity == 0 ? 0 : 1 + (quantity / instrument.Spec.QuantityStep % OrdersPerLevel);

    private static long DayOpen(OkxInstrument instrument, string bar) => instrument.Engine.Klines.Forming(OkxBars.Series[bar]).Open;
}
