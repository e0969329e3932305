using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// Reads messages that begin with their topic and have no member but the known ones. Bybit orders members differently from topic to
/// topic, so it predicts their names, not their places. False means only "not as predicted": nothing was added, and the order-free
/// reader must look.
/// </summary>
internal static class BybitPredictiveReader
{
    public static bool TryRead(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var scan = new FrameScanner(frame);
        scan.Literal("{\"topic\":\""u8);
        var message = default(BybitMessage);
        message.SetTopic(scan.Text(), symbols);
        if (!scan.Ok || message.Symbol < 0)
        {
            return false;
        }

        // What follows the data, such as a book's time, belongs to the record too: rows are taken back when it is not as predicted.
        var mark = new BatchMark(into);
        var firstCandle = into.Candles.Count;
        var book = default(BybitBook);
        var ticker = default(BybitTicker);
        var hasData = false;
        while (scan.TryLiteral(","u8))
        {
            if (scan.TryLiteral("\"ts\":"u8))
            {
                message.Time = scan.Integer();
            }
            else if (scan.TryLiteral("\"type\":\""u8))
            {
                message.SetType(scan.Text());
            }
            else if (scan.TryLiteral("\"cts\":"u8))
            {
                message.EngineTime = scan.Integer();
            }
            else if (scan.TryLiteral("\"cs\":"u8))
            {
                scan.Integer();
            }
            else if (!hasData && scan.TryLiteral("\"data\":"u8))
            {
                hasData = true;
                if (!TryReadData(ref scan, message, ref book, ref ticker, into))
                {
                    mark.Restore();
                    return false;
                }
            }
            else
            {
                mark.Restore();
                return false;
            }
        }

        scan.Literal("}"u8);
        var isTaken = hasData && scan.End && message.Channel switch
        {
            BybitChannel.Trade => true,
            BybitChannel.Quote => BybitRecords.AddQuote(message, book, into) is null,
            BybitChannel.Book => BybitRecords.AddBook(message, book, into) is null,
            BybitChannel.Kline => TryStampKlines(message, firstCandle, into),
            BybitChannel.Ticker => BybitRecords.AddTicker(message, ticker, into) is null,
            _ => false,
        };
        if (!isTaken)
        {
            mark.Restore();
        }

        return isTaken;
    }

    private static bool TryReadData(
        ref FrameScanner scan, in BybitMessage message, ref BybitBook book, ref BybitTicker ticker, VenueBatch into) =>
        message.Channel switch
        {
            BybitChannel.Trade => TryReadTrades(ref scan, message.Symbol, into),
            BybitChannel.Quote or BybitChannel.Book => TryReadBook(ref scan, ref book, into),
            BybitChannel.Kline => TryReadKlines(ref scan, message, into),
            BybitChannel.Ticker => TryReadTicker(ref scan, ref ticker),
            _ => false,
        };

    private static bool TryReadTrades(ref FrameScanner scan, int symbol, VenueBatch into)
    {
        scan.Literal("["u8);
        do
        {
            var row = default(BybitTrade);
            if (!TryReadTrade(ref scan, ref row) || BybitRecords.AddTrade(symbol, row, into) is not null)
            {
                return false;
            }
        }
        while (scan.TryLiteral(","u8));
        scan.Literal("]"u8);
        return scan.Ok;
    }

    private static bool TryReadTrade(ref FrameScanner scan, ref BybitTrade row)
    {
        scan.Literal("{"u8);
        do
        {
            if (scan.TryLiteral("\"T\":"u8))
            {
                row.Time = scan.Integer();
            }
            else if (scan.TryLiteral("\"s\":\""u8) || scan.TryLiteral("\"L\":\""u8))
            {
                scan.Text();
            }
            else if (scan.TryLiteral("\"S\":\""u8))
            {
                row.SetTaker(scan.Text());
            }
            else if (scan.TryLiteral("\"v\":\""u8))
            {
                row.Quantity = scan.Decimal();
            }
            else if (scan.TryLiteral("\"p\":\""u8))
            {
                row.Price = scan.Decimal();
            }
            else if (scan.TryLiteral("\"i\":\""u8))
            {
                row.Id = BybitTradeId.TryRead(scan.Text(), out var id) ? id : null;
            }
            else if (scan.TryLiteral("\"BT\":"u8) || scan.TryLiteral("\"RPI\":"u8))
            {
                scan.Boolean();
            }
            else if (scan.TryLiteral("\"seq\":"u8))
            {
                scan.Integer();
            }
            else
            {
                return false;
            }
        }
        while (scan.TryLiteral(","u8));
        scan.Literal("}"u8);
        return scan.Ok;
    }

    private static bool TryReadBook(ref FrameScanner scan, ref BybitBook book, VenueBatch into)
    {
        book.FirstLevel = into.Levels.Count;
        scan.Literal("{\"s\":\""u8);
        scan.Text();
        scan.Literal(",\"b\":"u8);
        book.Bids = scan.Levels(into.Levels);
        scan.Literal(",\"a\":"u8);
        book.Asks = scan.Levels(into.Levels);
        scan.Literal(",\"u\":"u8);
        book.UpdateId = scan.Integer();
        scan.Literal(",\"seq\":"u8);
        scan.Integer();
        scan.Literal("}"u8);
        return scan.Ok;
    }

    private static bool TryReadKlines(ref FrameScanner scan, in BybitMessage message, VenueBatch into)
    {
        scan.Literal("["u8);
        do
        {
            // The time of the event may stand behind the rows: it is put in when the message has been read.
            var row = default(BybitKline);
            if (!TryReadKline(ref scan, ref row) || message.Interval is not { } interval
                || BybitRecords.AddKline(message.Symbol, interval, row, eventTime: 0, into) is not null)
            {
                return false;
            }
        }
        while (scan.TryLiteral(","u8));
        scan.Literal("]"u8);
        return scan.Ok;
    }

    private static bool TryReadKline(ref FrameScanner scan, ref BybitKline row)
    {
        scan.Literal("{"u8);
        do
        {
            if (scan.TryLiteral("\"start\":"u8))
            {
                row.OpenTime = scan.Integer();
            }
            else if (scan.TryLiteral("\"end\":"u8) || scan.TryLiteral("\"timestamp\":"u8))
            {
                scan.Integer();
            }
            else if (scan.TryLiteral("\"interval\":\""u8))
            {
                scan.Text();
            }
            else if (scan.TryLiteral("\"open\":\""u8))
            {
                row.Open = scan.Decimal();
            }
            else if (scan.TryLiteral("\"close\":\""u8))
            {
                row.Close = scan.Decimal();
            }
            else if (scan.TryLiteral("\"high\":\""u8))
            {
                row.High = scan.Decimal();
            }
            else if (scan.TryLiteral("\"low\":\""u8))
            {
                row.Low = scan.Decimal();
            }
            else if (scan.TryLiteral("\"volume\":\""u8))
            {
                row.Volume = scan.Decimal();
            }
            else if (scan.TryLiteral("\"turnover\":\""u8))
            {
                row.Turnover = scan.Decimal();
            }
            else if (scan.TryLiteral("\"confirm\":"u8))
            {
                row.Closed = scan.Boolean();
            }
            else
            {
                return false;
            }
        }
        while (scan.TryLiteral(","u8));
        scan.Literal("}"u8);
        return scan.Ok;
    }

    private static bool TryStampKlines(in BybitMessage message, int firstCandle, VenueBatch into)
    {
        if (message.Time is not { } time || !UnixMilliseconds.IsPossible(time))
        {
            return false;
        }

        for (var i = firstCandle; i < into.Candles.Count; i++)
        {
            into.Candles[i] = into.Candles[i] with { Time = time };
        }

        return true;
    }

    private static bool TryReadTicker(ref FrameScanner scan, ref BybitTicker ticker)
    {
        scan.Literal("{"u8);
        do
        {
            if (scan.TryLiteral("\"lastPrice\":\""u8))
            {
                ticker.Last = scan.Decimal();
            }
            else if (scan.TryLiteral("\"highPrice24h\":\""u8))
            {
                ticker.High = scan.Decimal();
            }
            else if (scan.TryLiteral("\"lowPrice24h\":\""u8))
            {
                ticker.Low = scan.Decimal();
            }
            else if (scan.TryLiteral("\"prevPrice24h\":\""u8))
            {
                ticker.Open = scan.Decimal();
            }
            else if (scan.TryLiteral("\"volume24h\":\""u8))
            {
                ticker.Volume = scan.Decimal();
            }
            else if (scan.TryLiteral("\"turnover24h\":\""u8))
            {
                ticker.Turnover = scan.Decimal();
            }
            else if (scan.TryLiteral("\"symbol\":\""u8) || scan.TryLiteral("\"price24hPcnt\":\""u8) || scan.TryLiteral("\"usdIndexPrice\":\""u8))
            {
                scan.Text();
            }
            else
            {
                return false;
            }
        }
        while (scan.TryLiteral(","u8));
        scan.Literal("}"u8);
        return scan.Ok;
    }
}
