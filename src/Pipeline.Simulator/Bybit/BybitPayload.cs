using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Bybit;

/// <summary>Parts of pushes and REST answers. Times come in microseconds and are written in milliseconds.</summary>
internal static class BybitPayload
{
    public static void Trade(FrameBuilder frame, BybitSymbol symbol, in EngineTrade trade, bool uuid)
    {
        frame.Text("{\"T\":"u8).Integer(trade.Time / UnixTime.Millisecond).Text(",\"s\":\""u8).Text(symbol.Name)
            .Text("\",\"S\":\""u8).Text(trade.TakerBuys ? "Buy"u8 : "Sell"u8).Text("\",\"v\":\""u8).Trimmed(trade.Quantity)
            .Text("\",\"p\":\""u8).Decimal(trade.Price, symbol.PriceDecimals).Text("\",\"i\":\""u8);
        TradeId(frame, trade.Id, uuid);
        frame.Text("\",\"BT\":false,\"RPI\":false,\"seq\":"u8).Integer(symbol.CrossSequence).Text("}"u8);
    }

    public static void RecentTrade(FrameBuilder frame, BybitSymbol symbol, in EngineTrade trade, bool uuid)
    {
        frame.Text("{\"execId\":\""u8);
        TradeId(frame, trade.Id, uuid);
        frame.Text("\",\"symbol\":\""u8).Text(symbol.Name).Text("\",\"price\":\""u8).Decimal(trade.Price, symbol.PriceDecimals)
            .Text("\",\"size\":\""u8).Trimmed(trade.Quantity).Text("\",\"side\":\""u8).Text(trade.TakerBuys ? "Buy"u8 : "Sell"u8)
            .Text("\",\"time\":\""u8).Integer(trade.Time / UnixTime.Millisecond)
            .Text("\",\"isBlockTrade\":false,\"isRPITrade\":false,\"seq\":\""u8).Integer(symbol.CrossSequence).Text("\"}"u8);
    }

    public static void Book(
        FrameBuilder frame, BybitSymbol symbol, ReadOnlySpan<PriceLevel> bids, ReadOnlySpan<PriceLevel> asks, long updateId)
    {
        frame.Text("\"s\":\""u8).Text(symbol.Name).Text("\",\"b\":["u8);
        Levels(frame, symbol, bids);
        frame.Text("],\"a\":["u8);
        Levels(frame, symbol, asks);
        frame.Text("],\"u\":"u8).Integer(updateId).Text(",\"seq\":"u8).Integer(symbol.CrossSequence);
    }

    public static void Kline(FrameBuilder frame, ReadOnlySpan<byte> interval, in KlineBar bar, bool closed, long now)
    {
        frame.Text("{\"start\":"u8).Integer(bar.OpenTime / UnixTime.Millisecond)
            .Text(",\"end\":"u8).Integer((bar.EndTime / UnixTime.Millisecond) - 1).Text(",\"interval\":\""u8).Text(interval)
            .Text("\",\"open\":\""u8).Trimmed(bar.Open).Text("\",\"close\":\""u8).Trimmed(bar.Close)
            .Text("\",\"high\":\""u8).Trimmed(bar.High).Text("\",\"low\":\""u8).Trimmed(bar.Low)
            .Text("\",\"volume\":\""u8).Trimmed(bar.Volume).Text("\",\"turnover\":\""u8).Trimmed(bar.QuoteVolume / FixedPoint.One)
            .Text("\",\"confirm\":"u8).Flag(closed).Text(",\"timestamp\":"u8).Integer(now / UnixTime.Millisecond).Text("}"u8);
    }

    public static void KlineRow(FrameBuilder frame, in KlineBar bar)
    {
        frame.Text("[\""u8).Integer(bar.OpenTime / UnixTime.Millisecond).Text("\",\""u8).Trimmed(bar.Open)
            .Text("\",\""u8).Trimmed(bar.High).Text("\",\""u8).Trimmed(bar.Low).Text("\",\""u8).Trimmed(bar.Close)
            .Text("\",\""u8).Trimmed(bar.Volume).Text("\",\""u8).Trimmed(bar.QuoteVolume / FixedPoint.One).Text("\"]"u8);
    }

    /// <summary>The statistics both kinds of ticker have; the object is left open.</summary>
    public static void Ticker(FrameBuilder frame, BybitSymbol symbol, in RollingStatistics day)
    {
        frame.Text("{\"symbol\":\""u8).Text(symbol.Name).Text("\",\"lastPrice\":\""u8).Decimal(day.Bar.Close, symbol.PriceDecimals)
            .Text("\",\"highPrice24h\":\""u8).Decimal(day.Bar.High, symbol.PriceDecimals)
            .Text("\",\"lowPrice24h\":\""u8).Decimal(day.Bar.Low, symbol.PriceDecimals)
            .Text("\",\"prevPrice24h\":\""u8).Decimal(day.Bar.Open, symbol.PriceDecimals)
            .Text("\",\"volume24h\":\""u8).Trimmed(day.Bar.Volume)
            .Text("\",\"turnover24h\":\""u8).Trimmed(day.Bar.QuoteVolume / FixedPoint.One)
            .Text("\",\"price24hPcnt\":\""u8).Trimmed(day.ChangePerHundredThousand / 10, scale: 4)
            .Text("\",\"usdIndexPrice\":\""u8).Decimal(day.Bar.Close, symbol.PriceDecimals).Text("\""u8);
    }

    private static void TradeId(FrameBuilder frame, long id, bool uuid)
    {
        if (!uuid)
        {
            frame.Integer(id);
            return;
        }

        // As derivatives have it: not ordered, and the same whenever the trade is told.
        var random = new SeededRandom((ulong)id);
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, random.Next());
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], random.Next());
        Span<byte> text = stackalloc byte[36];
        new Guid(bytes, bigEndian: true).TryFormat(text, out var length);
        frame.Text(text[..length]);
    }

    private static void Levels(FrameBuilder frame, BybitSymbol symbol, ReadOnlySpan<PriceLevel> levels)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            frame.Text(i == 0 ? "[\""u8 : ",[\""u8).Decimal(levels[i].Price, symbol.PriceDecimals)
                .Text("\",\""u8).Trimmed(levels[i].Quantity).Text("\"]"u8);
        }
    }
}
