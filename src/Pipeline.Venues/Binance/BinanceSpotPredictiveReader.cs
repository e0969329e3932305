using System.Runtime.CompilerServices;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Binance;

/// <summary>
/// Reads frames in the field order in which Binance spot sends them. False means only "not as predicted": nothing was added, and the
/// order-free reader must look.
/// </summary>
internal static class BinanceSpotPredictiveReader
{
    public static bool TryRead(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var scan = new FrameScanner(frame);
        var stream = BinancePrediction.Stream(ref scan);
        var wrapped = !stream.IsEmpty;

        if (scan.TryLiteral("{\"u\":"u8))
        {
            return TryReadQuote(scan, wrapped, symbols, into);
        }

        if (scan.TryLiteral("{\"lastUpdateId\":"u8))
        {
            return TryReadPartialBook(scan, stream, symbols, into);
        }

        scan.Literal("{\"e\":\""u8);
        if (!scan.Ok)
        {
            return false;
        }

        return scan.Peek switch
        {
            (byte)'t' => TryReadTrade(scan, wrapped, symbols, into),
            (byte)'a' => TryReadAggregateTrade(scan, wrapped, symbols, into),
            (byte)'d' => TryReadDepth(scan, wrapped, symbols, into),
            (byte)'k' => BinancePrediction.TryReadKline(scan, wrapped, symbols, into),
            (byte)'2' => TryReadTicker(scan, wrapped, symbols, into),
            _ => false,
        };
    }

    private static bool TryReadTrade(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
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

    private static bool TryReadAggregateTrade(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
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
        if (!BinancePrediction.EndsWell(ref scan, wrapped) || symbol < 0 || !price.IsPositive || !quantity.IsPositive || !UnixMilliseconds.IsPossible(time)
            || fills is < 1 or > int.MaxValue)
        {
            return false;
        }

        into.Add(new VenueTrade(
            symbol, id, id, price, quantity, buyerIsMaker ? AggressorSide.Sell : AggressorSide.Buy, (int)fills, TradeKind.Market, time));
        return true;
    }

    private static bool TryReadQuote(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
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
        if (!BinancePrediction.EndsWell(ref scan, wrapped) || symbol < 0)
        {
            return false;
        }

        into.Add(new VenueQuote(symbol, updateId, bid, bidQuantity, ask, askQuantity, 0));
        return true;
    }

    private static bool TryReadDepth(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
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
        if (!BinancePrediction.EndsWell(ref scan, wrapped) || symbol < 0 || last < first || !UnixMilliseconds.IsPossible(time))
        {
            into.Levels.Truncate(firstLevel);
            return false;
        }

        into.Add(new VenueBookUpdate(symbol, BookUpdateKind.Update, first, last, -1, firstLevel, bids, asks, time));
        return true;
    }

    private static bool TryReadPartialBook(FrameScanner scan, scoped ReadOnlySpan<byte> stream, SymbolTable symbols, VenueBatch into)
    {
        var id = scan.Integer();
        var firstLevel = into.Levels.Count;
        scan.Literal(",\"bids\":"u8);
        var bids = scan.Levels(into.Levels);
        scan.Literal(",\"asks\":"u8);
        var asks = scan.Levels(into.Levels);
        var isPartialBook = BinancePrediction.EndsWell(ref scan, wrapped: true) && BinanceStreamName.IsPartialBook(stream);
        var symbol = isPartialBook ? BinanceStreamName.FindSymbol(stream, symbols) : -1;
        if (symbol < 0)
        {
            into.Levels.Truncate(firstLevel);
            return false;
        }

        into.Add(new VenueBookUpdate(symbol, BookUpdateKind.Partial, id, id, -1, firstLevel, bids, asks, 0));
        return true;
    }

    private static bool TryReadTicker(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        var (symbol, time) = BinancePrediction.TickerHead(ref scan, symbols);
        scan.Literal(",\"x\":\""u8);
        scan.Text();
        scan.Literal(",\"c\":\""u8);
        var last = scan.Decimal();
        scan.Literal(",\"Q\":\""u8);
        var lastQuantity = scan.Decimal();
        scan.Literal(",\"b\":\""u8);
        var bid = scan.Decimal();
        scan.Literal(",\"B\":\""u8);
        var bidQuantity = scan.Decimal();
        scan.Literal(",\"a\":\""u8);
        var ask = scan.Decimal();
        scan.Literal(",\"A\":\""u8);
        var askQuantity = scan.Decimal();
        var (open, high, low, volume, turnover) = BinancePrediction.TickerTail(ref scan);
        if (!BinancePrediction.EndsWell(ref scan, wrapped) || symbol < 0 || high < low || !UnixMilliseconds.IsPossible(time))
        {
            return false;
        }

        into.Add(new VenueTicker(symbol, last, lastQuantity, bid, bidQuantity, ask, askQuantity, open, high, low, volume, turnover, time));
        return true;
    }
}
