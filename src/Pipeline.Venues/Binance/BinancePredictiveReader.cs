using System.Runtime.CompilerServices;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Binance;

/// <summary>
/// Reads frames in the field order in which Binance sends them. False means only "not as predicted": nothing was added, and the
/// order-free reader must look.
/// </summary>
internal static class BinancePredictiveReader
{
    public static bool TryRead(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var scan = new FrameScanner(frame);
        var wrapped = scan.TryLiteral("{\"stream\":\""u8);
        if (wrapped)
        {
            scan.Text();
            scan.Literal(",\"data\":"u8);
        }

        if (scan.TryLiteral("{\"u\":"u8))
        {
            return TryReadQuote(ref scan, wrapped, symbols, into);
        }

        scan.Literal("{\"e\":\""u8);
        if (!scan.Ok)
        {
            return false;
        }

        return scan.Peek switch
        {
            (byte)'t' => TryReadTrade(ref scan, wrapped, symbols, into),
            (byte)'a' => TryReadAggregateTrade(ref scan, wrapped, symbols, into),
            (byte)'d' => TryReadDepth(ref scan, wrapped, symbols, into),
            (byte)'k' => TryReadKline(ref scan, wrapped, symbols, into),
            _ => false,
        };
    }

    private static bool TryReadTrade(ref FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("trade\",\"E\":"u8);
        var (symbol, id, price, quantity) = ReadTradeHead(ref scan, ",\"t\":"u8, symbols);

        // Frames recorded before 2024-06-18 carry the order ids of buyer and seller here.
        if (scan.TryLiteral(",\"b\":"u8))
        {
            scan.Integer();
            scan.Literal(",\"a\":"u8);
            scan.Integer();
        }

        return TryEndTrade(ref scan, wrapped, symbol, id, price, quantity, fills: 1, into);
    }

    private static bool TryReadAggregateTrade(ref FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("aggTrade\",\"E\":"u8);
        var (symbol, id, price, quantity) = ReadTradeHead(ref scan, ",\"a\":"u8, symbols);
        scan.Literal(",\"f\":"u8);
        var first = scan.Integer();
        scan.Literal(",\"l\":"u8);
        var last = scan.Integer();
        return TryEndTrade(ref scan, wrapped, symbol, id, price, quantity, last - first + 1, into);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Symbol, long Id, Number Price, Number Quantity) ReadTradeHead(
        ref FrameScanner scan, ReadOnlySpan<byte> idField, SymbolTable symbols)
    {
        scan.Integer();
        scan.Literal(",\"s\":\""u8);
        var symbol = symbols.Find(scan.Text());
        scan.Literal(idField);
        var id = scan.Integer();
        scan.Literal(",\"p\":\""u8);
        var price = scan.Decimal();
        scan.Literal(",\"q\":\""u8);
        return (symbol, id, price, scan.Decimal());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryEndTrade(
        ref FrameScanner scan, bool wrapped, int symbol, long id, Number price, Number quantity, long fills, VenueBatch into)
    {
        scan.Literal(",\"T\":"u8);
        var time = scan.Integer();
        scan.Literal(",\"m\":"u8);
        var buyerIsMaker = scan.Boolean();
        scan.Literal(",\"M\":"u8);
        scan.Boolean();
        if (!EndsWell(ref scan, wrapped) || symbol < 0 || !price.IsPositive || !quantity.IsPositive || !BinanceTime.IsPossible(time)
            || fills is < 1 or > int.MaxValue)
        {
            return false;
        }

        into.Add(new VenueTrade(
            symbol, id, id, price, quantity, buyerIsMaker ? AggressorSide.Sell : AggressorSide.Buy, (int)fills, TradeKind.Market, time));
        return true;
    }

    private static bool TryReadQuote(ref FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        var updateId = scan.Integer();
        scan.Literal(",\"s\":\""u8);
        var symbol = symbols.Find(scan.Text());
        scan.Literal(",\"b\":\""u8);
        var bid = scan.Decimal();
        scan.Literal(",\"B\":\""u8);
        var bidQuantity = scan.Decimal();
        scan.Literal(",\"a\":\""u8);
        var ask = scan.Decimal();
        scan.Literal(",\"A\":\""u8);
        var askQuantity = scan.Decimal();
        if (!EndsWell(ref scan, wrapped) || symbol < 0)
        {
            return false;
        }

        into.Add(new VenueQuote(symbol, updateId, bid, bidQuantity, ask, askQuantity, 0));
        return true;
    }

    private static bool TryReadDepth(ref FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("depthUpdate\",\"E\":"u8);
        var time = scan.Integer();
        scan.Literal(",\"s\":\""u8);
        var symbol = symbols.Find(scan.Text());
        scan.Literal(",\"U\":"u8);
        var first = scan.Integer();
        scan.Literal(",\"u\":"u8);
        var last = scan.Integer();
        var firstLevel = into.Levels.Count;
        scan.Literal(",\"b\":"u8);
        var bids = scan.Levels(into.Levels);
        scan.Literal(",\"a\":"u8);
        var asks = scan.Levels(into.Levels);
        if (!EndsWell(ref scan, wrapped) || symbol < 0 || last < first || !BinanceTime.IsPossible(time))
        {
            into.Levels.Truncate(firstLevel);
            return false;
        }

        into.Add(new VenueBookUpdate(symbol, BookUpdateKind.Update, first, last, -1, firstLevel, bids, asks, time));
        return true;
    }

    private static bool TryReadKline(ref FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("kline\",\"E\":"u8);
        var time = scan.Integer();
        scan.Literal(",\"s\":\""u8);
        var symbol = symbols.Find(scan.Text());
        scan.Literal(",\"k\":{\"t\":"u8);
        var openTime = scan.Integer();
        scan.Literal(",\"T\":"u8);
        scan.Integer();
        scan.Literal(",\"s\":\""u8);
        scan.Text();
        scan.Literal(",\"i\":\""u8);
        var interval = BinanceKline.FindInterval(scan.Text());

        // An empty candle has the ids -1: not predicted, the order-free reader takes it.
        scan.Literal(",\"f\":"u8);
        var firstId = scan.Integer();
        scan.Literal(",\"L\":"u8);
        var lastId = scan.Integer();
        scan.Literal(",\"o\":\""u8);
        var open = scan.Decimal();
        scan.Literal(",\"c\":\""u8);
        var close = scan.Decimal();
        scan.Literal(",\"h\":\""u8);
        var high = scan.Decimal();
        scan.Literal(",\"l\":\""u8);
        var low = scan.Decimal();
        scan.Literal(",\"v\":\""u8);
        var volume = scan.Decimal();
        scan.Literal(",\"n\":"u8);
        var trades = scan.Integer();
        scan.Literal(",\"x\":"u8);
        var closed = scan.Boolean();
        scan.Literal(",\"q\":\""u8);
        var quoteVolume = scan.Decimal();
        scan.Literal(",\"V\":\""u8);
        var takerBuyVolume = scan.Decimal();
        scan.Literal(",\"Q\":\""u8);
        scan.Decimal();
        scan.Literal(",\"B\":\""u8);
        scan.Text();
        scan.Literal("}"u8);
        if (!EndsWell(ref scan, wrapped) || symbol < 0 || interval is null || !low.IsPositive || high < low
            || !BinanceTime.IsPossible(openTime) || !BinanceTime.IsPossible(time))
        {
            return false;
        }

        into.Add(new VenueCandle(
            symbol, interval, openTime, open, high, low, close, volume, quoteVolume, takerBuyVolume, trades, firstId, lastId, closed, time));
        return true;
    }

    private static bool EndsWell(ref FrameScanner scan, bool wrapped)
    {
        scan.Literal("}"u8);
        if (wrapped)
        {
            scan.Literal("}"u8);
        }

        return scan.End;
    }
}
