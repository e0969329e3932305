using System.Runtime.CompilerServices;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Okx;

/// <summary>
/// Reads frames in the field order in which OKX sends them; funding rates and liquidations, which are rare, are not predicted. False
/// means only "not as predicted": nothing was added, and the order-free reader must look.
/// </summary>
internal static class OkxPredictiveReader
{
    public static bool TryRead(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var scan = new FrameScanner(frame);
        scan.Literal("{\"arg\":{\"channel\":\""u8);
        if (!scan.Ok)
        {
            return false;
        }

        return scan.Peek switch
        {
            (byte)'t' => TryReadTradesOrTickers(scan, symbols, into),
            (byte)'b' => TryReadBooks(scan, symbols, into),
            (byte)'c' => TryReadCandles(scan, symbols, into),
            (byte)'m' => TryReadMarkPrice(scan, symbols, into),
            _ => false,
        };
    }

    private static bool TryReadTradesOrTickers(FrameScanner scan, SymbolTable symbols, VenueBatch into)
    {
        if (scan.TryLiteral("tickers\",\"instId\":\""u8))
        {
            return TryReadTicker(scan, symbols, into);
        }

        var all = scan.TryLiteral("trades-all\",\"instId\":\""u8);
        if (!all)
        {
            scan.Literal("trades\",\"instId\":\""u8);
        }

        var subscribed = scan.Text();
        scan.Literal("},\"data\":["u8);
        var mark = new BatchMark(into);
        do
        {
            if (!TryReadTrade(ref scan, subscribed, !all, symbols, into))
            {
                mark.Restore();
                return false;
            }
        }
        while (scan.TryLiteral(","u8));

        scan.Literal("]}"u8);
        return EndsWell(ref scan, mark);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadTrade(
        ref FrameScanner scan, ReadOnlySpan<byte> subscribed, bool counted, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("{\"instId\":\""u8);
        var symbol = symbols.Find(scan.TryText(subscribed) ? subscribed : scan.Text());
        scan.Literal(",\"tradeId\":\""u8);
        var id = scan.Integer();
        scan.Literal("\",\"px\":\""u8);
        var price = scan.Decimal();
        scan.Literal(",\"sz\":\""u8);
        var quantity = scan.Decimal();
        scan.Literal(",\"side\":\""u8);
        var buy = scan.Buys();

        // trades-all has the source in front of the time, trades behind it; neither has it in frames from before 2025-08-26.
        if (scan.TryLiteral(",\"source\":\""u8))
        {
            scan.Integer();
            scan.Literal("\""u8);
        }

        scan.Literal(",\"ts\":\""u8);
        var time = scan.Integer();
        scan.Literal("\""u8);
        var fills = 1L;
        if (counted && scan.TryLiteral(",\"count\":\""u8))
        {
            fills = scan.Integer();
            scan.Literal("\""u8);
        }

        if (scan.TryLiteral(",\"source\":\""u8))
        {
            scan.Integer();
            scan.Literal("\""u8);
        }

        if (scan.TryLiteral(",\"seqId\":"u8))
        {
            scan.Integer();
        }

        scan.Literal("}"u8);
        symbol = symbol < 0 ? symbols.Find(subscribed) : symbol;
        if (!scan.Ok || symbol < 0 || !price.IsPositive || !quantity.IsPositive || !UnixMilliseconds.IsPossible(time)
            || fills is < 1 or > int.MaxValue || fills > id + 1)
        {
            return false;
        }

        into.Add(new VenueTrade(
            symbol, id, id - fills + 1, price, quantity, buy ? AggressorSide.Buy : AggressorSide.Sell, (int)fills, TradeKind.Market, time));
        return true;
    }

    private static bool TryReadTicker(FrameScanner scan, SymbolTable symbols, VenueBatch into)
    {
        var subscribed = scan.Text();
        scan.Literal("},\"data\":[{\"instType\":\""u8);
        var isSpot = scan.Text().SequenceEqual("SPOT"u8);
        scan.Literal(",\"instId\":\""u8);
        var symbol = ReadSymbol(ref scan, subscribed, symbols);
        scan.Literal(",\"last\":\""u8);
        var last = scan.Decimal();
        scan.Literal(",\"lastSz\":\""u8);
        var lastQuantity = scan.Decimal();
        scan.Literal(",\"askPx\":\""u8);
        var ask = scan.Decimal();
        scan.Literal(",\"askSz\":\""u8);
        var askQuantity = scan.Decimal();
        scan.Literal(",\"bidPx\":\""u8);
        var bid = scan.Decimal();
        scan.Literal(",\"bidSz\":\""u8);
        var bidQuantity = scan.Decimal();
        scan.Literal(",\"open24h\":\""u8);
        var open = scan.Decimal();
        scan.Literal(",\"high24h\":\""u8);
        var high = scan.Decimal();
        scan.Literal(",\"low24h\":\""u8);
        var low = scan.Decimal();
        scan.Literal(",\"sodUtc0\":\""u8);
        scan.Text();
        scan.Literal(",\"sodUtc8\":\""u8);
        scan.Text();
        scan.Literal(",\"volCcy24h\":\""u8);
        var currencyVolume = scan.Decimal();
        scan.Literal(",\"vol24h\":\""u8);
        var volume = scan.Decimal();
        scan.Literal(",\"ts\":\""u8);
        var time = scan.Integer();
        scan.Literal("\"}]}"u8);
        if (!scan.End || symbol < 0 || !last.IsPositive || !UnixMilliseconds.IsPossible(time))
        {
            return false;
        }

        into.Add(new VenueTicker(
            symbol, last, lastQuantity, bid, bidQuantity, ask, askQuantity, open, high, low, volume, isSpot ? currencyVolume : null, time));
        return true;
    }

    private static bool TryReadBooks(FrameScanner scan, SymbolTable symbols, VenueBatch into)
    {
        if (scan.TryLiteral("bbo-tbt\",\"instId\":\""u8))
        {
            return TryReadQuote(scan, symbols, into);
        }

        var kind = BookUpdateKind.Partial;
        if (!scan.TryLiteral("books5\",\"instId\":\""u8))
        {
            scan.Literal("books\",\"instId\":\""u8);
            kind = BookUpdateKind.Update;
        }

        var symbol = symbols.Find(scan.Text());
        if (kind == BookUpdateKind.Partial)
        {
            scan.Literal("},\"data\":[{\"asks\":"u8);
        }
        else if (!scan.TryLiteral("},\"action\":\"update\",\"data\":[{\"asks\":"u8))
        {
            scan.Literal("},\"action\":\"snapshot\",\"data\":[{\"asks\":"u8);
            kind = BookUpdateKind.Snapshot;
        }

        return scan.Ok && TryReadBook(scan, kind, symbol, symbols, into);
    }

    private static bool TryReadBook(FrameScanner scan, BookUpdateKind kind, int symbol, SymbolTable symbols, VenueBatch into)
    {
        var mark = new BatchMark(into);
        var firstLevel = into.Levels.Count;
        var asks = scan.WideLevels(into.Levels);
        scan.Literal(",\"bids\":"u8);
        var bids = scan.WideLevels(into.Levels);
        if (kind == BookUpdateKind.Partial && scan.TryLiteral(",\"instId\":\""u8) && symbols.Find(scan.Text()) is var own and >= 0)
        {
            symbol = own;
        }

        scan.Literal(",\"ts\":\""u8);
        var time = scan.Integer();
        scan.Literal("\""u8);
        if (scan.TryLiteral(",\"checksum\":"u8))
        {
            scan.TryLiteral("-"u8);
            scan.Integer();
        }

        // A snapshot follows nothing: it says -1. Frames from before 2022-11 say nothing at all.
        var previous = -1L;
        if (scan.TryLiteral(",\"prevSeqId\":"u8) && !scan.TryLiteral("-1"u8))
        {
            previous = scan.Integer();
        }

        var id = time;
        if (scan.TryLiteral(",\"seqId\":"u8))
        {
            id = scan.Integer();
        }
        else if (previous >= 0)
        {
            mark.Restore();
            return false;
        }

        scan.Literal("}]}"u8);
        if (!scan.End || symbol < 0 || !UnixMilliseconds.IsPossible(time))
        {
            mark.Restore();
            return false;
        }

        BookSides.PutBidsFirst(into.Levels, firstLevel, asks);
        into.Add(new VenueBookUpdate(symbol, kind, id, id, previous, firstLevel, bids, asks, time));
        return true;
    }

    private static bool TryReadQuote(FrameScanner scan, SymbolTable symbols, VenueBatch into)
    {
        var symbol = symbols.Find(scan.Text());
        scan.Literal("},\"data\":[{\"asks\":["u8);
        var ask = scan.WideLevel();
        scan.Literal("],\"bids\":["u8);
        var bid = scan.WideLevel();
        scan.Literal("],\"ts\":\""u8);
        var time = scan.Integer();
        scan.Literal("\""u8);
        var id = time;
        if (scan.TryLiteral(",\"seqId\":"u8))
        {
            id = scan.Integer();
        }

        scan.Literal("}]}"u8);
        if (!scan.End || symbol < 0 || !UnixMilliseconds.IsPossible(time))
        {
            return false;
        }

        into.Add(new VenueQuote(symbol, id, bid.Price, bid.Quantity, ask.Price, ask.Quantity, time));
        return true;
    }

    private static bool TryReadCandles(FrameScanner scan, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("candle"u8);
        var interval = OkxCandles.FindInterval(scan.Text());
        scan.Literal(",\"instId\":\""u8);
        var symbol = symbols.Find(scan.Text());
        scan.Literal("},\"data\":["u8);
        if (!scan.Ok || interval is null || symbol < 0)
        {
            return false;
        }

        var mark = new BatchMark(into);
        do
        {
            if (!TryReadCandle(ref scan, symbol, interval, into))
            {
                mark.Restore();
                return false;
            }
        }
        while (scan.TryLiteral(","u8));

        scan.Literal("]}"u8);
        return EndsWell(ref scan, mark);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadCandle(ref FrameScanner scan, int symbol, CandleInterval interval, VenueBatch into)
    {
        scan.Literal("[\""u8);
        var openTime = scan.Integer();
        scan.Literal("\",\""u8);
        var open = scan.Decimal();
        scan.Literal(",\""u8);
        var high = scan.Decimal();
        scan.Literal(",\""u8);
        var low = scan.Decimal();
        scan.Literal(",\""u8);
        var close = scan.Decimal();
        scan.Literal(",\""u8);
        var volume = scan.Decimal();
        scan.Literal(",\""u8);
        scan.Decimal();
        scan.Literal(",\""u8);
        var quoteVolume = scan.Decimal();
        var closed = scan.TryLiteral(",\"1\"]"u8);
        if (!closed)
        {
            scan.Literal(",\"0\"]"u8);
        }

        return scan.Ok && OkxRows.AddCandle(symbol, interval, openTime, open, high, low, close, volume, quoteVolume, closed, into) is null;
    }

    private static bool TryReadMarkPrice(FrameScanner scan, SymbolTable symbols, VenueBatch into)
    {
        scan.Literal("mark-price\",\"instId\":\""u8);
        var subscribed = scan.Text();
        scan.Literal("},\"data\":[{\"instType\":\""u8);
        scan.Text();
        scan.Literal(",\"instId\":\""u8);
        var symbol = ReadSymbol(ref scan, subscribed, symbols);
        scan.Literal(",\"markPx\":\""u8);
        var price = scan.Decimal();
        scan.Literal(",\"ts\":\""u8);
        var time = scan.Integer();
        scan.Literal("\"}]}"u8);
        if (!scan.End || symbol < 0 || !price.IsPositive || !UnixMilliseconds.IsPossible(time))
        {
            return false;
        }

        into.Add(new VenueMarkPrice(symbol, price, null, time));
        return true;
    }

    /// <summary>The row's own instrument, closing quote included; the one subscribed to where we do not know the row's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadSymbol(ref FrameScanner scan, ReadOnlySpan<byte> subscribed, SymbolTable symbols)
    {
        if (scan.TryText(subscribed))
        {
            return symbols.Find(subscribed);
        }

        var own = symbols.Find(scan.Text());
        return own >= 0 ? own : symbols.Find(subscribed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EndsWell(ref FrameScanner scan, in BatchMark mark)
    {
        if (scan.End)
        {
            return true;
        }

        mark.Restore();
        return false;
    }
}
