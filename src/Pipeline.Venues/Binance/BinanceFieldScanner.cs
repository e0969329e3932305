using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Binance;

/// <summary>
/// Reads frames whose fields come in another order than the venue's usual one, without a general JSON reader: members are told by name
/// and by the first byte of their value, which must be written as Binance writes it. As with the predictive readers false means only
/// "not as expected": nothing was added, and the order-free reader must look. It takes no white space, no escape, no negative integer,
/// no nested member but levels and a kline, and neither of these twice.
/// </summary>
internal static class BinanceFieldScanner
{
    private const int Pu = ('p' << 8) | 'u';
    private const int St = ('s' << 8) | 't';

    // The sides of a whole book have long names; those of changes are letters.
    private const int WholeBids = ('b' << 16) | 's';
    private const int WholeAsks = ('a' << 16) | 's';

    public static bool TryRead<TMarket>(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
        where TMarket : IBinanceMarket
    {
        var scan = new FrameScanner(frame);
        var fields = BinanceFields.None;
        var kline = default(BinanceKlineFields);
        var firstLevel = into.Levels.Count;
        var updates = into.BookUpdates.Count;
        var isWell = TryReadRoot(ref scan, symbols, into, ref fields, ref kline) && scan.End
            && TryAdd<TMarket>(frame, fields, kline, symbols, into);

        // Levels of another event than a book's would belong to nothing.
        if (isWell && (into.Levels.Count == firstLevel || into.BookUpdates.Count > updates))
        {
            return true;
        }

        into.Levels.Truncate(firstLevel);
        return false;
    }

    /// <summary>Makes the record last of all, so that there is never one to take back.</summary>
    private static bool TryAdd<TMarket>(
        ReadOnlySpan<byte> frame, in BinanceFields fields, in BinanceKlineFields kline, SymbolTable symbols, VenueBatch into)
        where TMarket : IBinanceMarket
    {
        var hasLevels = fields.FirstLevel >= 0;
        var isBook = fields.Event == BinanceEvent.DepthUpdate || (fields.Event == BinanceEvent.None && fields.LastUpdateId is not null);
        if (hasLevels != isBook || fields.IsCoinMargined || fields.Event is BinanceEvent.ServerShutdown)
        {
            return false;
        }

        if (fields.Event != BinanceEvent.Kline)
        {
            return fields.KlineAt < 0 && TMarket.Add(frame, fields, symbols, into) is null;
        }

        return fields is { KlineAt: >= 0, EventTime: { } time, Symbol: >= 0 } && BinanceKlineReader.Add(kline, fields.Symbol, time, into) is null;
    }

    /// <summary>The payload itself, or the envelope of a stream's name and the payload, either first.</summary>
    private static bool TryReadRoot(
        ref FrameScanner scan, SymbolTable symbols, VenueBatch into, ref BinanceFields fields, ref BinanceKlineFields kline)
    {
        if (scan.TryLiteral("{\"stream\":\""u8))
        {
            ReadStream(ref scan, symbols, ref fields);
            scan.Literal(",\"data\":"u8);
            if (!TryReadPayload(ref scan, symbols, into, ref fields, ref kline))
            {
                return false;
            }

            scan.Literal("}"u8);
            return true;
        }

        if (!scan.TryLiteral("{\"data\":"u8))
        {
            return TryReadPayload(ref scan, symbols, into, ref fields, ref kline);
        }

        if (!TryReadPayload(ref scan, symbols, into, ref fields, ref kline))
        {
            return false;
        }

        scan.Literal(",\"stream\":\""u8);
        ReadStream(ref scan, symbols, ref fields);
        scan.Literal("}"u8);
        return true;
    }

    private static void ReadStream(ref FrameScanner scan, SymbolTable symbols, ref BinanceFields fields)
    {
        fields.HasStream = true;
        BinanceOrderFreeReader.NoteStream(scan.Text(), symbols, ref fields);
    }

    private static bool TryReadPayload(
        ref FrameScanner scan, SymbolTable symbols, VenueBatch into, ref BinanceFields fields, ref BinanceKlineFields kline)
    {
        scan.Literal("{"u8);
        do
        {
            var name = scan.LetterName();
            if (name == 0)
            {
                name = ReadLongerName(ref scan);
                if (name < 0)
                {
                    fields.LastUpdateId = scan.Integer();
                    continue;
                }

                if (name is WholeBids or WholeAsks && scan.Peek != (byte)'[')
                {
                    return false;
                }
            }

            if (!scan.Ok || name == 0 || !TryReadValue(ref scan, name, symbols, into, ref fields, ref kline))
            {
                return false;
            }
        }
        while (scan.TryLiteral(","u8));

        scan.Literal("}"u8);
        return scan.Ok;
    }

    /// <summary>Two letters packed, -1 for a whole book's id, the constants of its sides, 0 for any other name.</summary>
    private static int ReadLongerName(ref FrameScanner scan)
    {
        var name = scan.Name();
        return name.Length == 2 ? (name[0] << 8) | name[1]
            : name.SequenceEqual("bids"u8) ? WholeBids
            : name.SequenceEqual("asks"u8) ? WholeAsks
            : name.SequenceEqual("lastUpdateId"u8) ? -1
            : 0;
    }

    /// <summary>The first byte of a value tells its type, and the type what the name means.</summary>
    private static bool TryReadValue(
        ref FrameScanner scan, int name, SymbolTable symbols, VenueBatch into, ref BinanceFields fields, ref BinanceKlineFields kline)
    {
        switch (scan.Peek)
        {
            case (byte)'"':
                scan.Literal("\""u8);
                ReadText(ref scan, name, symbols, ref fields);
                return true;
            case >= (byte)'0' and <= (byte)'9':
                ReadInteger(ref scan, name, ref fields);
                return name != 'e';
            case (byte)'t' or (byte)'f':
                var value = scan.Boolean();
                fields.BuyerIsMaker = name == 'm' ? value : fields.BuyerIsMaker;
                return name != 'e';
            case (byte)'[':
                return TryReadLevels(ref scan, name, into, ref fields);
            case (byte)'{' when name == 'k' && fields.KlineAt < 0:
                fields.KlineAt = scan.At;
                return TryReadKline(ref scan, ref kline);
            default:
                return false;
        }
    }

    private static void ReadText(ref FrameScanner scan, int name, SymbolTable symbols, ref BinanceFields fields)
    {
        switch (name)
        {
            case 'e':
                fields.Event = BinanceEventNames.Find(scan.Text());
                break;
            case 's':
                fields.HasSymbol = true;
                fields.Symbol = symbols.Find(scan.Text());
                break;
            case 'X':
                fields.IsOffMarket = !scan.Text().SequenceEqual("MARKET"u8);
                break;
            case 'p':
                fields.Price = scan.SignedDecimal();
                break;
            case 'q':
                fields.Quantity = scan.Decimal();
                break;
            case 'b':
                fields.Bid = scan.Decimal();
                break;
            case 'B':
                fields.BidQuantity = scan.Decimal();
                break;
            case 'a':
                fields.Ask = scan.Decimal();
                break;
            case 'A':
                fields.AskQuantity = scan.Decimal();
                break;
            case 'o':
                fields.Open = scan.Decimal();
                break;
            case 'h':
                fields.High = scan.Decimal();
                break;
            case 'l':
                fields.Low = scan.Decimal();
                break;
            case 'c':
                fields.Close = scan.Decimal();
                break;
            case 'v':
                fields.Volume = scan.Decimal();
                break;
            case 'Q':
                fields.LastQuantity = scan.Decimal();
                break;
            case 'i':
                fields.Index = scan.Decimal();
                break;
            case 'r':
                fields.Rate = scan.SignedDecimal();
                break;
            default:
                scan.Text();
                break;
        }
    }

    private static void ReadInteger(ref FrameScanner scan, int name, ref BinanceFields fields)
    {
        var value = scan.Integer();
        switch (name)
        {
            case 't':
                fields.TradeId = value;
                break;
            case 'a':
                fields.NumberA = value;
                break;
            case 'E':
                fields.EventTime = value;
                break;
            case 'T':
                fields.TradeTime = value;
                break;
            case 'U':
                fields.FirstUpdateId = value;
                break;
            case 'u':
                fields.UpdateId = value;
                break;
            case Pu:
                fields.PreviousUpdateId = value;
                break;
            case 'f':
                fields.FirstId = value;
                break;
            case 'l':
                fields.LastId = value;
                break;
            case St:
                fields.IsCoinMargined = value == 2;
                break;
        }
    }

    private static bool TryReadLevels(ref FrameScanner scan, int name, VenueBatch into, ref BinanceFields fields)
    {
        fields.FirstLevel = fields.FirstLevel < 0 ? into.Levels.Count : fields.FirstLevel;
        return name switch
        {
            'b' when fields is { WholeAsksAt: < 0 } => TryReadBids(ref scan, into, ref fields, ref fields.BidsAt, fields.AsksAt >= 0),
            'a' when fields is { WholeBidsAt: < 0 } => TryReadAsks(ref scan, into, ref fields, ref fields.AsksAt),
            WholeBids when fields is { AsksAt: < 0 } => TryReadBids(ref scan, into, ref fields, ref fields.WholeBidsAt, fields.WholeAsksAt >= 0),
            WholeAsks when fields is { BidsAt: < 0 } => TryReadAsks(ref scan, into, ref fields, ref fields.WholeAsksAt),
            _ => false,
        };
    }

    /// <param name="at">Where the side's place is noted; a side that is said twice is the order-free reader's.</param>
    private static bool TryReadBids(ref FrameScanner scan, VenueBatch into, ref BinanceFields fields, ref int at, bool asksAreRead)
    {
        if (at >= 0)
        {
            return false;
        }

        at = scan.At;
        fields.Bids = scan.Levels(into.Levels);
        if (asksAreRead)
        {
            BookSides.PutBidsFirst(into.Levels, fields.FirstLevel, fields.Asks);
        }

        return true;
    }

    private static bool TryReadAsks(ref FrameScanner scan, VenueBatch into, ref BinanceFields fields, ref int at)
    {
        if (at >= 0)
        {
            return false;
        }

        at = scan.At;
        fields.Asks = scan.Levels(into.Levels);
        return true;
    }

    private static bool TryReadKline(ref FrameScanner scan, ref BinanceKlineFields kline)
    {
        scan.Literal("{"u8);
        do
        {
            var name = scan.LetterName();
            var isText = scan.TryLiteral("\""u8);
            if (name == 0 || !(isText ? TryReadKlineText(ref scan, name, ref kline) : TryReadKlineValue(ref scan, name, ref kline)))
            {
                return false;
            }
        }
        while (scan.TryLiteral(","u8));

        scan.Literal("}"u8);
        return scan.Ok;
    }

    private static bool TryReadKlineText(ref FrameScanner scan, int name, ref BinanceKlineFields kline)
    {
        switch (name)
        {
            case 'o':
                kline.Open = scan.Decimal();
                return true;
            case 'c':
                kline.Close = scan.Decimal();
                return true;
            case 'h':
                kline.High = scan.Decimal();
                return true;
            case 'l':
                kline.Low = scan.Decimal();
                return true;
            case 'v':
                kline.Volume = WideNumber.From(scan.Decimal());
                return true;
            case 'q':
                kline.QuoteVolume = WideNumber.From(scan.Decimal());
                return true;
            case 'V':
                kline.TakerBuyVolume = WideNumber.From(scan.Decimal());
                return true;
            case 'i':
                kline.HasInterval = true;
                kline.Interval = BinanceKline.FindInterval(scan.Text());
                return true;
            case 's' or 'Q' or 'B':
                scan.Text();
                return true;
            default:
                return false;
        }
    }

    private static bool TryReadKlineValue(ref FrameScanner scan, int name, ref BinanceKlineFields kline)
    {
        switch (name)
        {
            case 't':
                kline.OpenTime = scan.Integer();
                return true;
            case 'f':
                kline.FirstId = scan.Integer();
                return true;
            case 'L':
                kline.LastId = scan.Integer();
                return true;
            case 'n':
                kline.Trades = scan.Integer();
                return true;
            case 'T':
                scan.Integer();
                return true;
            case 'x':
                kline.Closed = scan.Boolean();
                return true;
            default:
                return false;
        }
    }
}
