using System.Runtime.CompilerServices;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Okx;

/// <summary>
/// Reads frames whose fields come in another order than usual, as long as they are plain: compact JSON, flat rows, no escapes. Several
/// times as fast as the order-free reader, which takes everything else and remains the authority: false means only "not plain", and that
/// nothing was added.
/// </summary>
internal static class OkxKeyedReader
{
    public static bool TryRead(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var mark = new BatchMark(into);
        if (TryReadFrame(frame, symbols, into))
        {
            return true;
        }

        mark.Restore();
        return false;
    }

    /// <summary>Where the rows come before what says what they are, they are read afterwards, from their place.</summary>
    private static bool TryReadFrame(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var head = OkxHead.None;
        var row = default(OkxFields);
        var candle = default(OkxCandleRow);
        var hasRow = false;
        var scan = new FrameScanner(frame);
        scan.Literal("{"u8);
        do
        {
            switch (scan.Name())
            {
                case OkxPackedNames.Arg when !head.HasArg:
                    ReadArg(ref scan, symbols, ref head);
                    break;
                case OkxPackedNames.Action when head.Action is null:
                    head.Action = scan.TryLiteral("\"update\""u8) ? BookUpdateKind.Update : BookUpdateKind.Snapshot;
                    if (head.Action == BookUpdateKind.Snapshot)
                    {
                        scan.Literal("\"snapshot\""u8);
                    }

                    break;

                // One row, as nearly every frame has. The rows of a frame with several are the order-free reader's.
                case OkxPackedNames.Data when !hasRow:
                    hasRow = true;
                    scan.Literal("["u8);
                    if (scan.TryLiteral("["u8))
                    {
                        candle = OkxCandleRow.Read(ref scan);
                    }
                    else
                    {
                        row = ReadRow(ref scan, symbols, into);
                    }

                    scan.Literal("]"u8);
                    break;
                default:
                    return false;
            }
        }
        while (scan.Another());

        return scan.End && hasRow && head.HasArg && Add(head, row, candle, into);
    }

    private static bool Add(in OkxHead head, in OkxFields row, in OkxCandleRow candle, VenueBatch into)
    {
        if (head.Channel == OkxChannel.Candle)
        {
            return candle.IsRead && head.Symbol >= 0 && OkxRows.AddCandle(
                head.Symbol, head.Interval!, candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume,
                candle.QuoteVolume, candle.IsClosed, into) is null;
        }

        var isBook = head.Channel is OkxChannel.Book or OkxChannel.PartialBook;
        var isKnown = head.Channel is not (OkxChannel.Other or OkxChannel.Liquidation or OkxChannel.FundingRate);
        if (candle.IsRead || !isKnown || OkxRows.Add(head, row, into) is not null)
        {
            return false;
        }

        if (!isBook)
        {
            into.Levels.Truncate(row.FirstLevel);
        }

        return true;
    }

    private static void ReadArg(ref FrameScanner scan, SymbolTable symbols, ref OkxHead head)
    {
        head.HasArg = true;
        scan.Literal("{"u8);
        do
        {
            switch (scan.Name())
            {
                case OkxPackedNames.Channel:
                    scan.Literal("\""u8);
                    head.Channel = OkxChannelNames.Find(scan.Text(), out head.Interval);
                    break;
                case OkxPackedNames.InstId:
                    scan.Literal("\""u8);
                    head.HasSymbol = true;
                    head.Symbol = symbols.Find(scan.Text());
                    break;
                default:
                    scan.Skip();
                    break;
            }
        }
        while (scan.Another());
    }

    private static OkxFields ReadRow(scoped ref FrameScanner scan, SymbolTable symbols, VenueBatch into)
    {
        var fields = OkxFields.From(into.Levels.Count);
        scan.Literal("{"u8);
        do
        {
            ReadField(ref scan, scan.Name(), symbols, into, ref fields);
        }
        while (scan.Another());

        return fields;
    }

    private static void ReadField(scoped ref FrameScanner scan, ulong name, SymbolTable symbols, VenueBatch into, ref OkxFields fields)
    {
        switch (name)
        {
            case OkxPackedNames.InstId:
                scan.Literal("\""u8);
                fields.HasSymbol = true;
                fields.Symbol = symbols.Find(scan.Text());
                break;
            case OkxPackedNames.InstType:
                scan.Literal("\""u8);
                fields.IsSpot = scan.Text().SequenceEqual("SPOT"u8);
                break;
            case OkxPackedNames.TradeId:
                fields.TradeId = QuotedInteger(ref scan);
                break;
            case OkxPackedNames.Px or OkxPackedNames.MarkPx:
                fields.Price = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.Sz:
                fields.Quantity = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.Side:
                fields.Side = scan.TryLiteral("\"buy\""u8) ? AggressorSide.Buy : AggressorSide.Sell;
                if (fields.Side == AggressorSide.Sell)
                {
                    scan.Literal("\"sell\""u8);
                }

                break;
            case OkxPackedNames.Ts:
                fields.Time = QuotedInteger(ref scan);
                break;
            case OkxPackedNames.Count:
                fields.Count = QuotedInteger(ref scan);
                break;
            case OkxPackedNames.SeqId:
                fields.SequenceId = scan.Integer();
                break;
            case OkxPackedNames.PrevSeqId:
                fields.PreviousSequenceId = scan.TryLiteral("-1"u8) ? -1 : scan.Integer();
                break;
            case OkxPackedNames.Bids:
                fields.IsWrong |= fields.Bids >= 0;
                fields.Bids = scan.WideLevels(into.Levels);
                break;
            case OkxPackedNames.Asks:
                fields.IsWrong |= fields.Asks >= 0;
                fields.Asks = scan.WideLevels(into.Levels);
                fields.AsksFirst = fields.Bids < 0;
                break;
            default:
                ReadTickerField(ref scan, name, ref fields);
                break;
        }
    }

    private static void ReadTickerField(scoped ref FrameScanner scan, ulong name, ref OkxFields fields)
    {
        switch (name)
        {
            case OkxPackedNames.Last:
                fields.Last = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.LastSz:
                fields.LastQuantity = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.AskPx:
                fields.Ask = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.AskSz:
                fields.AskQuantity = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.BidPx:
                fields.Bid = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.BidSz:
                fields.BidQuantity = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.Open24h:
                fields.Open = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.High24h:
                fields.High = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.Low24h:
                fields.Low = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.Vol24h:
                fields.Volume = QuotedDecimal(ref scan);
                break;
            case OkxPackedNames.VolCcy24h:
                fields.CurrencyVolume = QuotedDecimal(ref scan);
                break;
            default:
                // A name that another channel gives a meaning, such as a liquidation's, is no member of the rows that are taken here.
                scan.Skip();
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Number QuotedDecimal(ref FrameScanner scan)
    {
        scan.Literal("\""u8);
        return scan.Decimal();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long QuotedInteger(ref FrameScanner scan)
    {
        scan.Literal("\""u8);
        var value = scan.Integer();
        scan.Literal("\""u8);
        return value;
    }
}
