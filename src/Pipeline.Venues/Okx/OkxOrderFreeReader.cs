using System.Text.Json;
using System.Text.Unicode;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Okx;

/// <summary>
/// Reads a frame whatever the order of its fields, passing over fields it does not know. The authority on what a frame means: the
/// predictive reader only ever answers as this one would. A bad row costs itself: the other rows are taken, and the frame becomes one
/// dead letter with the first reason.
/// </summary>
internal static class OkxOrderFreeReader
{
    /// <summary>Null when the frame was taken, else the reason why it is a dead letter.</summary>
    public static string? Read(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var mark = new BatchMark(into);
        try
        {
            var reason = ReadFrame(frame, symbols, into, mark);
            if (reason == DeadLetterReason.Malformed)
            {
                mark.Restore();
            }

            return reason;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // JsonException: no JSON, too deep, or invalid UTF-8 in a name or text that was looked at.
            mark.Restore();
            return DeadLetterReason.Malformed;
        }
    }

    private static string? ReadFrame(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into, in BatchMark mark)
    {
        if (frame.SequenceEqual("pong"u8))
        {
            into.ControlFrames++;
            return null;
        }

        var json = new Utf8JsonReader(frame);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return DeadLetterReason.Malformed;
        }

        var head = OkxHead.None;
        var reason = ReadRoot(ref json, frame, symbols, into, mark, ref head);
        if (json.Read() || !Utf8.IsValid(frame))
        {
            return DeadLetterReason.Malformed;
        }

        if (!head.IsControl)
        {
            return reason;
        }

        // Acknowledgements name an arg as well; whatever looked like rows beside an event is none.
        mark.Restore();
        into.ControlFrames++;
        return null;
    }

    /// <summary>Rows are read where they stand when what they are is known by then, as it is in the venue's order; else afterwards.</summary>
    private static string? ReadRoot(
        ref Utf8JsonReader json, ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into, in BatchMark mark, ref OkxHead head)
    {
        var dataAt = -1;
        var isRead = false;
        string? reason = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("arg"u8))
            {
                // Said once more behind the rows: then this is what counts, and the rows are read anew.
                isRead = false;
                json.Read();
                ReadArg(ref json, symbols, ref head);
            }
            else if (json.ValueTextEquals("data"u8))
            {
                json.Read();
                dataAt = json.TokenType == JsonTokenType.StartArray ? (int)json.TokenStartIndex : -1;
                isRead = dataAt >= 0 && head.IsEnough;
                mark.Restore();
                if (isRead)
                {
                    reason = ReadRows(ref json, frame, head, symbols, into);
                }
                else
                {
                    json.Skip();
                }
            }
            else if (json.ValueTextEquals("action"u8))
            {
                isRead = false;
                json.Read();
                head.Action = ReadAction(ref json);
            }
            else
            {
                head.IsControl |= json.ValueTextEquals("event"u8);
                json.Read();
                json.Skip();
            }
        }

        return isRead ? reason : ReadRowsAfterwards(frame, dataAt, head, symbols, into, mark);
    }

    private static string? ReadRowsAfterwards(
        ReadOnlySpan<byte> frame, int dataAt, in OkxHead head, SymbolTable symbols, VenueBatch into, in BatchMark mark)
    {
        mark.Restore();
        if (head.IsControl || !head.HasArg || head.Channel == OkxChannel.Other)
        {
            return DeadLetterReason.UnknownEvent;
        }

        if (dataAt < 0)
        {
            return DeadLetterReason.WrongShape;
        }

        var rows = frame[dataAt..];
        var json = new Utf8JsonReader(rows);
        json.Read();
        return ReadRows(ref json, rows, head, symbols, into);
    }

    /// <param name="text">What the reader reads: places in it are counted from its start.</param>
    private static string? ReadRows(ref Utf8JsonReader json, ReadOnlySpan<byte> text, in OkxHead head, SymbolTable symbols, VenueBatch into)
    {
        if (head.Channel == OkxChannel.Other)
        {
            json.Skip();
            return DeadLetterReason.UnknownEvent;
        }

        string? reason = null;
        var rows = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            rows++;
            var firstLevel = into.Levels.Count;
            if (ReadRow(ref json, text, head, symbols, into) is { } failed)
            {
                reason ??= failed;
                into.Levels.Truncate(firstLevel);
            }
        }

        return rows == 0 ? DeadLetterReason.WrongShape : reason;
    }

    private static string? ReadRow(ref Utf8JsonReader json, ReadOnlySpan<byte> text, in OkxHead head, SymbolTable symbols, VenueBatch into)
    {
        if (head.Channel == OkxChannel.Candle && json.TokenType == JsonTokenType.StartArray)
        {
            return OkxRowReader.AddCandle(ref json, head.Symbol, head.Interval!, into);
        }

        if (head.Channel == OkxChannel.Candle || json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return DeadLetterReason.WrongShape;
        }

        var fields = OkxRowReader.ReadObject(ref json, symbols, into);
        var reason = head.Channel == OkxChannel.Liquidation
            ? AddLiquidations(text, fields, symbols, into)
            : OkxRows.Add(head, fields, into);
        if (head.Channel is not (OkxChannel.Book or OkxChannel.PartialBook))
        {
            into.Levels.Truncate(fields.FirstLevel);
        }

        return reason;
    }

    /// <summary>The stream tells of every instrument of its type: those we do not know are not asked for.</summary>
    private static string? AddLiquidations(ReadOnlySpan<byte> text, in OkxFields row, SymbolTable symbols, VenueBatch into)
    {
        if (row.IsWrong || !row.HasSymbol || row.DetailsAt < 0)
        {
            return DeadLetterReason.WrongShape;
        }

        if (row.Symbol < 0)
        {
            into.Unwanted++;
            return null;
        }

        var json = new Utf8JsonReader(text[row.DetailsAt..]);
        json.Read();
        string? reason = null;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                var fields = OkxRowReader.ReadObject(ref json, symbols, into);
                reason ??= OkxRows.AddLiquidation(row.Symbol, fields, into);
            }
            else
            {
                json.Skip();
                reason ??= DeadLetterReason.WrongShape;
            }
        }

        return reason;
    }

    private static void ReadArg(ref Utf8JsonReader json, SymbolTable symbols, ref OkxHead head)
    {
        var action = head.Action;
        var isControl = head.IsControl;
        head = OkxHead.None;
        head.Action = action;
        head.IsControl = isControl;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        head.HasArg = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("channel"u8))
            {
                json.Read();
                head.Interval = null;
                head.Channel = json.TokenType == JsonTokenType.String ? OkxChannelNames.Find(json.ValueSpan, out head.Interval) : OkxChannel.Other;
            }
            else if (json.ValueTextEquals("instId"u8))
            {
                json.Read();
                head.HasSymbol = json.TokenType == JsonTokenType.String;
                head.Symbol = head.HasSymbol ? OkxValues.ReadSymbol(ref json, symbols) : -1;
            }
            else
            {
                json.Read();
            }

            json.Skip();
        }
    }

    private static BookUpdateKind? ReadAction(ref Utf8JsonReader json)
    {
        var isText = json.TokenType == JsonTokenType.String;
        BookUpdateKind? kind = isText && json.ValueSpan.SequenceEqual("update"u8) ? BookUpdateKind.Update
            : isText && json.ValueSpan.SequenceEqual("snapshot"u8) ? BookUpdateKind.Snapshot
            : null;
        json.Skip();
        return kind;
    }
}
