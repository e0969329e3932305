using System.Runtime.CompilerServices;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Binance;

/// <summary>
/// Reads frames in the field order in which Binance USDⓈ-M futures send them. False means only "not as predicted": nothing was added,
/// and the order-free reader must look. Forced orders are rare and left to it.
/// </summary>
internal static class BinanceFuturesPredictiveReader
{
    public static bool TryRead(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var scan = new FrameScanner(frame);
        var stream = BinancePrediction.Stream(ref scan);
        var wrapped = !stream.IsEmpty;
        scan.Literal("{\"e\":\""u8);
        if (!scan.Ok)
        {
            return false;
        }

        return scan.Peek switch
        {
            (byte)'a' => TryReadAggregateTrade(scan, wrapped, symbols, into),
            (byte)'b' => TryReadQuote(scan, wrapped, symbols, into),
            (byte)'d' => TryReadDepth(scan, stream, symbols, into),
            (byte)'t' => TryReadTrade(scan, wrapped, symbols, into),
            (byte)'m' => TryReadMarkPrice(scan, wrapped, symbols, into),
            (byte)'k' => BinancePrediction.TryReadKline(scan, wrapped, symbols, into),
            (byte)'2' => TryReadTicker(scan, wrapped, symbols, into),
            _ => false,
        };
    }

    private static bool TryReadAggregateTrade(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("aggTrade\",\"E\":"u8);
        scan.Integer();
        scan.Literal(",\"s\":\""u8);
        var symbol = symbols.Find(scan.Text());
        scan.Literal(",\"a\":"u8);
        var id = scan.Integer();
        scan.Literal(",\"p\":\""u8);
        var price = scan.Decimal();
        scan.Literal(",\"q\":\""u8);
        var quantity = scan.Decimal();

        // The part without orders of retail price improvement; since 2026-01.
        if (scan.TryLiteral(",\"nq\":\""u8))
        {
            scan.Text();
        }

        scan.Literal(",\"f\":"u8);
        var first = scan.Integer();
        scan.Literal(",\"l\":"u8);
        var fills = scan.Integer() - first + 1;
        scan.Literal(",\"T\":"u8);
        var time = scan.Integer();
        scan.Literal(",\"m\":"u8);
        var buyerIsMaker = scan.Boolean();
        if (!EndsWell(ref scan, wrapped) || symbol < 0 || !price.IsPositive || !quantity.IsPositive || !UnixMilliseconds.IsPossible(time)
            || fills is < 1 or > int.MaxValue)
        {
            return false;
        }

        into.Add(new VenueTrade(
            symbol, id, id, price, quantity, BinanceRecords.SideOf(buyerIsMaker), (int)fills, TradeKind.Market, time));
        return true;
    }

    private static bool TryReadTrade(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("trade\",\"E\":"u8);
        scan.Integer();
        scan.Literal(",\"T\":"u8);
        var time = scan.Integer();
        scan.Literal(",\"s\":\""u8);
        var symbol = symbols.Find(scan.Text());
        scan.Literal(",\"t\":"u8);
        var id = scan.Integer();
        scan.Literal(",\"p\":\""u8);
        var price = scan.Decimal();
        scan.Literal(",\"q\":\""u8);
        var quantity = scan.Decimal();

        // What is off the market is rare, and the order-free reader's.
        scan.Literal(",\"X\":\"MARKET\",\"m\":"u8);
        var buyerIsMaker = scan.Boolean();
        if (!EndsWell(ref scan, wrapped) || symbol < 0 || !price.IsPositive || !quantity.IsPositive || !UnixMilliseconds.IsPossible(time))
        {
            return false;
        }

        into.Add(new VenueTrade(symbol, id, id, price, quantity, BinanceRecords.SideOf(buyerIsMaker), 1, TradeKind.Market, time));
        return true;
    }

    private static bool TryReadQuote(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("bookTicker\",\"u\":"u8);
        var updateId = scan.Integer();
        scan.Literal(",\"E\":"u8);
        scan.Integer();
        scan.Literal(",\"T\":"u8);
        var time = scan.Integer();
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
        if (!EndsWell(ref scan, wrapped) || symbol < 0 || !UnixMilliseconds.IsPossible(time))
        {
            return false;
        }

        into.Add(new VenueQuote(symbol, updateId, bid, bidQuantity, ask, askQuantity, time));
        return true;
    }

    private static bool TryReadDepth(FrameScanner scan, scoped ReadOnlySpan<byte> stream, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("depthUpdate\",\"E\":"u8);
        scan.Integer();
        scan.Literal(",\"T\":"u8);
        var time = scan.Integer();
        scan.Literal(",\"s\":\""u8);
        var symbol = symbols.Find(scan.Text());
        scan.Literal(",\"U\":"u8);
        var first = scan.Integer();
        scan.Literal(",\"u\":"u8);
        var last = scan.Integer();
        scan.Literal(",\"pu\":"u8);
        var previous = scan.Integer();
        var firstLevel = into.Levels.Count;
        scan.Literal(",\"b\":"u8);
        var bids = scan.Levels(into.Levels);
        scan.Literal(",\"a\":"u8);
        var asks = scan.Levels(into.Levels);
        if (!EndsWell(ref scan, wrapped: !stream.IsEmpty) || symbol < 0 || last < first || !UnixMilliseconds.IsPossible(time))
        {
            into.Levels.Truncate(firstLevel);
            return false;
        }

        into.Add(BinanceStreamName.IsPartialBook(stream)
            ? new VenueBookUpdate(symbol, BookUpdateKind.Partial, last, last, -1, firstLevel, bids, asks, time)
            : new VenueBookUpdate(symbol, BookUpdateKind.Update, first, last, previous, firstLevel, bids, asks, time));
        return true;
    }

    private static bool TryReadMarkPrice(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("markPriceUpdate\",\"E\":"u8);
        var time = scan.Integer();
        scan.Literal(",\"s\":\""u8);
        var symbol = symbols.Find(scan.Text());
        scan.Literal(",\"p\":\""u8);
        var mark = scan.Decimal();

        // Moving average of the mark price; since 2026-03-26.
        if (scan.TryLiteral(",\"ap\":\""u8))
        {
            scan.Text();
        }

        scan.Literal(",\"P\":\""u8);
        scan.Text();
        scan.Literal(",\"i\":\""u8);
        var index = scan.Decimal();
        scan.Literal(",\"r\":\""u8);
        var isNegative = scan.TryLiteral("-"u8);
        var rate = scan.Decimal();
        scan.Literal(",\"T\":"u8);
        var fundingTime = scan.Integer();
        if (!EndsWell(ref scan, wrapped) || symbol < 0 || !mark.IsPositive || !UnixMilliseconds.IsPossible(time) || !UnixMilliseconds.IsPossible(fundingTime))
        {
            return false;
        }

        into.Add(new VenueMarkPrice(symbol, mark, index, time));
        if (fundingTime != 0)
        {
            into.Add(new VenueFundingRate(symbol, isNegative ? Number.FromNormalized(-rate.Mantissa, rate.Scale) : rate, fundingTime, time));
        }

        return true;
    }

    private static bool TryReadTicker(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
    {
        var (symbol, time) = BinancePrediction.TickerHead(ref scan, symbols);
        scan.Literal(",\"c\":\""u8);
        var last = scan.Decimal();
        scan.Literal(",\"Q\":\""u8);
        var lastQuantity = scan.Decimal();
        var (open, high, low, volume, turnover) = BinancePrediction.TickerTail(ref scan);
        if (!EndsWell(ref scan, wrapped) || symbol < 0 || high < low || !UnixMilliseconds.IsPossible(time))
        {
            return false;
        }

        into.Add(new VenueTicker(symbol, last, lastQuantity, null, null, null, null, open, high, low, volume, turnover, time));
        return true;
    }

    /// <summary>Since 2026-06 payloads end with their market (1 = USDⓈ-M) and pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EndsWell(ref FrameScanner scan, bool wrapped)
    {
        scan.TryLiteral(",\"st\":1"u8);
        if (scan.TryLiteral(",\"ps\":\""u8))
        {
            scan.Text();
        }

        return BinancePrediction.EndsWell(ref scan, wrapped);
    }
}
