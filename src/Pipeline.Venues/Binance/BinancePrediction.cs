using System.Runtime.CompilerServices;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Binance;

/// <summary>What the predictive readers of Binance's markets have in common.</summary>
internal static class BinancePrediction
{
    /// <summary>Consumes the head of the combined envelope; the stream's name, or nothing when the payload comes bare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Stream(ref FrameScanner scan)
    {
        if (!scan.TryLiteral("{\"stream\":\""u8))
        {
            return default;
        }

        var name = scan.Text();
        scan.Literal(",\"data\":"u8);
        return name;
    }

    public static bool TryReadKline(FrameScanner scan, bool wrapped, SymbolTable symbols, VenueBatch into)
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
            || !UnixMilliseconds.IsPossible(openTime) || !UnixMilliseconds.IsPossible(time))
        {
            return false;
        }

        into.Add(new VenueCandle(
            symbol, interval, openTime, open, high, low, close, volume, quoteVolume, takerBuyVolume, trades, firstId, lastId, closed, time));
        return true;
    }

    /// <summary>A ticker up to its weighted average price.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int Symbol, long Time) TickerHead(ref FrameScanner scan, SymbolTable symbols)
    {
        scan.Literal("24hrTicker\",\"E\":"u8);
        var time = scan.Integer();
        scan.Literal(",\"s\":\""u8);
        var symbol = symbols.Find(scan.Text());

        // The changes may be negative, and nobody asks for them.
        scan.Literal(",\"p\":\""u8);
        scan.Text();
        scan.Literal(",\"P\":\""u8);
        scan.Text();
        scan.Literal(",\"w\":\""u8);
        scan.Text();
        return (symbol, time);
    }

    /// <summary>A ticker from its opening price on, the end of the object left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Number Open, Number High, Number Low, Number Volume, Number Turnover) TickerTail(ref FrameScanner scan)
    {
        scan.Literal(",\"o\":\""u8);
        var open = scan.Decimal();
        scan.Literal(",\"h\":\""u8);
        var high = scan.Decimal();
        scan.Literal(",\"l\":\""u8);
        var low = scan.Decimal();
        scan.Literal(",\"v\":\""u8);
        var volume = scan.Decimal();
        scan.Literal(",\"q\":\""u8);
        var turnover = scan.Decimal();
        scan.Literal(",\"O\":"u8);
        scan.Integer();
        scan.Literal(",\"C\":"u8);
        scan.Integer();

        // An instrument without trades has the ids -1: not predicted.
        scan.Literal(",\"F\":"u8);
        scan.Integer();
        scan.Literal(",\"L\":"u8);
        scan.Integer();
        scan.Literal(",\"n\":"u8);
        scan.Integer();
        return (open, high, low, volume, turnover);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EndsWell(ref FrameScanner scan, bool wrapped)
    {
        scan.Literal("}"u8);
        if (wrapped)
        {
            scan.Literal("}"u8);
        }

        return scan.End;
    }
}
