using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Okx;

/// <summary>
/// Reads frames whose fields come in another order than the venue's usual one, without a general JSON reader: members are told by name,
/// values must be written as OKX writes them. As with the predictive reader false means only "not as expected": nothing was added, and
/// the order-free reader must look. It takes no white space, no nested member that is unknown, no negative number and no escape.
/// </summary>
internal static class OkxFieldScanner
{
    public static bool TryRead(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        // What the rows are may be said behind them. It is looked up where it seems to stand, and verified when the scan gets there.
        var argAt = frame.IndexOf("\"arg\":{"u8);
        var head = OkxHead.None;
        var scan = new FrameScanner(frame);
        var argEnd = argAt < 0 ? -1 : ReadArg(ref scan, argAt, symbols, ref head);
        if (argEnd < 0 || head.Channel is OkxChannel.Other or OkxChannel.Liquidation)
        {
            return false;
        }

        var actionAt = -1;
        if (head.Channel == OkxChannel.Book)
        {
            actionAt = frame.IndexOf("\"action\":\""u8);
            head.Action = actionAt < 0 ? null : ActionAt(ref scan, actionAt);
        }

        var mark = new BatchMark(into);
        scan.Seek(0);
        if (TryReadRoot(ref scan, head, new Places(argAt, argEnd, actionAt), symbols, into) && scan.End)
        {
            return true;
        }

        mark.Restore();
        return false;
    }

    /// <summary>Each of the members once, in any order: the places found before must be theirs.</summary>
    private static bool TryReadRoot(ref FrameScanner scan, in OkxHead head, Places places, SymbolTable symbols, VenueBatch into)
    {
        var hasArg = false;
        var hasData = false;
        var hasAction = places.Action < 0;
        scan.Literal("{"u8);
        do
        {
            if (!hasArg && scan.At == places.Arg)
            {
                hasArg = true;
                scan.Seek(places.ArgEnd);
            }
            else if (!hasAction && scan.At == places.Action)
            {
                hasAction = true;
                scan.Name();
                scan.Literal("\""u8);
                scan.Text();
            }
            else
            {
                scan.Literal("\"data\":["u8);
                if (hasData || !scan.Ok || !TryReadRows(ref scan, head, symbols, into))
                {
                    return false;
                }

                hasData = true;
            }
        }
        while (scan.TryLiteral(","u8));

        scan.Literal("}"u8);
        return hasArg && hasData && hasAction;
    }

    private static bool TryReadRows(ref FrameScanner scan, in OkxHead head, SymbolTable symbols, VenueBatch into)
    {
        do
        {
            if (head.Channel == OkxChannel.Candle)
            {
                if (head.Symbol < 0 || !OkxPredictiveReader.TryReadCandle(ref scan, head.Symbol, head.Interval!, into))
                {
                    return false;
                }
            }
            else if (!TryReadRow(ref scan, head, symbols, into))
            {
                return false;
            }
        }
        while (scan.TryLiteral(","u8));

        scan.Literal("]"u8);
        return scan.Ok;
    }

    private static bool TryReadRow(ref FrameScanner scan, in OkxHead head, SymbolTable symbols, VenueBatch into)
    {
        var fields = OkxFields.From(into.Levels.Count);
        scan.Literal("{"u8);
        do
        {
            var field = OkxFieldNames.Find(scan.Name());
            if (!scan.Ok || !TryReadField(ref scan, field, symbols, into, ref fields))
            {
                return false;
            }
        }
        while (scan.TryLiteral(","u8));

        scan.Literal("}"u8);
        var isBook = head.Channel is OkxChannel.Book or OkxChannel.PartialBook or OkxChannel.BestQuote;
        return scan.Ok && isBook == (fields.Bids >= 0 || fields.Asks >= 0) && OkxRows.Add(head, fields, into) is null;
    }

    private static bool TryReadField(ref FrameScanner scan, OkxField field, SymbolTable symbols, VenueBatch into, ref OkxFields fields)
    {
        switch (field)
        {
            case OkxField.SequenceId:
                fields.SequenceId = scan.Integer();
                return true;
            case OkxField.PreviousSequenceId:
                fields.PreviousSequenceId = scan.TryLiteral("-1"u8) ? -1 : scan.Integer();
                return true;
            case OkxField.Asks when fields.Asks < 0:
                fields.AsksFirst = fields.Bids < 0;
                fields.Asks = scan.WideLevels(into.Levels);
                return true;
            case OkxField.Bids when fields.Bids < 0:
                fields.Bids = scan.WideLevels(into.Levels);
                return true;
            case OkxField.Asks or OkxField.Bids or OkxField.Details:
                return false;
            case OkxField.Other when scan.Peek != (byte)'"':
                // The checksum, for one.
                scan.TryLiteral("-"u8);
                scan.Integer();
                return true;
            default:
                scan.Literal("\""u8);
                return scan.Ok && TryReadText(ref scan, field, symbols, ref fields);
        }
    }

    /// <summary>A value in quotes, the opening one consumed.</summary>
    private static bool TryReadText(ref FrameScanner scan, OkxField field, SymbolTable symbols, ref OkxFields fields)
    {
        switch (field)
        {
            case OkxField.InstrumentId:
                fields.HasSymbol = true;
                fields.Symbol = symbols.Find(scan.Text());
                return true;
            case OkxField.InstrumentType:
                fields.IsSpot = scan.Text().SequenceEqual("SPOT"u8);
                return true;
            case OkxField.Side:
                fields.Side = scan.Buys() ? AggressorSide.Buy : AggressorSide.Sell;
                return true;
            case OkxField.Other:
                // Empty text is usual in fields that say nothing.
                if (!scan.TryLiteral("\""u8))
                {
                    scan.Text();
                }

                return true;
            case OkxField.TradeId or OkxField.Count or OkxField.Time or OkxField.FundingTime:
                Integer(field, ref fields) = scan.Integer();
                scan.Literal("\""u8);
                return true;
            case OkxField.Volume:
                fields.Volume = scan.Decimal();
                return true;
            case OkxField.CurrencyVolume:
                fields.CurrencyVolume = scan.Decimal();
                return true;
            default:
                Number(field, ref fields) = scan.Decimal();
                return true;
        }
    }

    private static ref long? Integer(OkxField field, ref OkxFields fields)
    {
        switch (field)
        {
            case OkxField.TradeId:
                return ref fields.TradeId;
            case OkxField.Count:
                return ref fields.Count;
            case OkxField.Time:
                return ref fields.Time;
            default:
                return ref fields.FundingTime;
        }
    }

    private static ref Number? Number(OkxField field, ref OkxFields fields)
    {
        switch (field)
        {
            case OkxField.Price or OkxField.MarkPrice or OkxField.BankruptcyPrice:
                return ref fields.Price;
            case OkxField.Quantity:
                return ref fields.Quantity;
            case OkxField.Last:
                return ref fields.Last;
            case OkxField.LastQuantity:
                return ref fields.LastQuantity;
            case OkxField.AskPrice:
                return ref fields.Ask;
            case OkxField.AskQuantity:
                return ref fields.AskQuantity;
            case OkxField.BidPrice:
                return ref fields.Bid;
            case OkxField.BidQuantity:
                return ref fields.BidQuantity;
            case OkxField.Open:
                return ref fields.Open;
            case OkxField.High:
                return ref fields.High;
            case OkxField.Low:
                return ref fields.Low;
            default:
                return ref fields.FundingRate;
        }
    }

    /// <summary>Place behind the <c>arg</c> that begins at <paramref name="at"/>; -1 when it is not as expected.</summary>
    private static int ReadArg(ref FrameScanner scan, int at, SymbolTable symbols, ref OkxHead head)
    {
        scan.Seek(at);
        scan.Literal("\"arg\":{"u8);
        do
        {
            var name = scan.Name();
            scan.Literal("\""u8);
            var value = scan.Text();
            if (!scan.Ok)
            {
                return -1;
            }

            if (name.SequenceEqual("channel"u8))
            {
                head.Channel = OkxChannelNames.Find(value, out head.Interval);
            }
            else if (name.SequenceEqual("instId"u8))
            {
                head.HasSymbol = true;
                head.Symbol = symbols.Find(value);
            }
        }
        while (scan.TryLiteral(","u8));

        scan.Literal("}"u8);
        return scan.Ok ? scan.At : -1;
    }

    private static BookUpdateKind? ActionAt(ref FrameScanner scan, int at)
    {
        scan.Seek(at);
        scan.Literal("\"action\":\""u8);
        return scan.TryLiteral("update\""u8) ? BookUpdateKind.Update
            : scan.TryLiteral("snapshot\""u8) ? BookUpdateKind.Snapshot
            : null;
    }

    private readonly record struct Places(int Arg, int ArgEnd, int Action);
}
