using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// The <c>data</c> of a message, in any order of members; it has been read as JSON before. Null when all of it was taken, else the
/// first reason why not.
/// </summary>
internal static class BybitDataReader
{
    public static string? AddTrades(ReadOnlySpan<byte> data, in BybitMessage message, VenueBatch into)
    {
        var json = Begin(data);
        if (json.TokenType != JsonTokenType.StartArray)
        {
            return DeadLetterReason.WrongShape;
        }

        string? reason = null;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var row = default(BybitTrade);
            ReadTrade(ref json, ref row);
            reason = BybitRecords.AddTrade(message.Symbol, row, into) is { } mine ? reason ?? mine : reason;
        }

        return reason;
    }

    public static string? AddKlines(ReadOnlySpan<byte> data, in BybitMessage message, VenueBatch into)
    {
        var json = Begin(data);
        if (json.TokenType != JsonTokenType.StartArray || message.Interval is not { } interval || message.Time is not { } time)
        {
            return DeadLetterReason.WrongShape;
        }

        string? reason = null;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var row = default(BybitKline);
            ReadKline(ref json, ref row);
            reason = BybitRecords.AddKline(message.Symbol, interval, row, time, into) is { } mine ? reason ?? mine : reason;
        }

        return reason;
    }

    public static string? AddTicker(ReadOnlySpan<byte> data, in BybitMessage message, VenueBatch into)
    {
        var json = Begin(data);
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return DeadLetterReason.WrongShape;
        }

        var ticker = default(BybitTicker);
        ReadTicker(ref json, ref ticker);
        return BybitRecords.AddTicker(message, ticker, into);
    }

    public static string? AddBook(ReadOnlySpan<byte> data, in BybitMessage message, VenueBatch into)
    {
        var json = Begin(data);
        var book = new BybitBook { FirstLevel = into.Levels.Count };
        if (json.TokenType != JsonTokenType.StartObject || !TryReadBook(data, ref json, ref book, into))
        {
            into.Levels.Truncate(book.FirstLevel);
            return DeadLetterReason.WrongShape;
        }

        return message.Channel == BybitChannel.Quote
            ? BybitRecords.AddQuote(message, book, into)
            : BybitRecords.AddBook(message, book, into);
    }

    private static Utf8JsonReader Begin(ReadOnlySpan<byte> data)
    {
        // Behind the data stands the rest of the frame, which is not for this reader.
        var json = new Utf8JsonReader(data, isFinalBlock: false, state: default);
        json.Read();
        return json;
    }

    private static void ReadTrade(ref Utf8JsonReader json, ref BybitTrade row)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.TrySkip();
            return;
        }

        Span<byte> buffer = stackalloc byte[64];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueIsEscaped || json.ValueSpan.Length != 1 ? (byte)0 : json.ValueSpan[0];
            json.Read();
            switch (name)
            {
                case (byte)'i' when json.TokenType == JsonTokenType.Number:
                    row.Id = JsonValues.ReadInteger(ref json);
                    break;
                case (byte)'i':
                    row.Id = BybitTradeId.TryRead(JsonValues.Text(json, buffer), out var id) ? id : null;
                    json.TrySkip();
                    break;
                case (byte)'T':
                    row.Time = JsonValues.ReadInteger(ref json);
                    break;
                case (byte)'p':
                    row.Price = JsonValues.ReadNumber(ref json);
                    break;
                case (byte)'v':
                    row.Quantity = JsonValues.ReadNumber(ref json);
                    break;
                case (byte)'S':
                    row.SetTaker(JsonValues.Text(json, buffer));
                    json.TrySkip();
                    break;
                default:
                    json.TrySkip();
                    break;
            }
        }
    }

    private static void ReadKline(ref Utf8JsonReader json, ref BybitKline row)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.TrySkip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("start"u8))
            {
                json.Read();
                row.OpenTime = JsonValues.ReadInteger(ref json);
            }
            else if (json.ValueTextEquals("open"u8))
            {
                json.Read();
                row.Open = JsonValues.ReadNumber(ref json);
            }
            else if (json.ValueTextEquals("high"u8))
            {
                json.Read();
                row.High = JsonValues.ReadNumber(ref json);
            }
            else if (json.ValueTextEquals("low"u8))
            {
                json.Read();
                row.Low = JsonValues.ReadNumber(ref json);
            }
            else if (json.ValueTextEquals("close"u8))
            {
                json.Read();
                row.Close = JsonValues.ReadNumber(ref json);
            }
            else if (json.ValueTextEquals("volume"u8))
            {
                json.Read();
                row.Volume = JsonValues.ReadTotal(ref json);
            }
            else if (json.ValueTextEquals("turnover"u8))
            {
                json.Read();
                row.Turnover = JsonValues.ReadTotal(ref json);
            }
            else if (json.ValueTextEquals("confirm"u8))
            {
                json.Read();
                row.Closed = JsonValues.ReadBoolean(ref json);
            }
            else
            {
                json.Read();
                json.TrySkip();
            }
        }
    }

    private static void ReadTicker(ref Utf8JsonReader json, ref BybitTicker ticker)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("lastPrice"u8))
            {
                json.Read();
                ticker.Last = JsonValues.ReadNumber(ref json);
            }
            else if (json.ValueTextEquals("prevPrice24h"u8))
            {
                json.Read();
                ticker.Open = JsonValues.ReadNumber(ref json);
            }
            else if (json.ValueTextEquals("highPrice24h"u8))
            {
                json.Read();
                ticker.High = JsonValues.ReadNumber(ref json);
            }
            else if (json.ValueTextEquals("lowPrice24h"u8))
            {
                json.Read();
                ticker.Low = JsonValues.ReadNumber(ref json);
            }
            else if (json.ValueTextEquals("volume24h"u8))
            {
                json.Read();
                ticker.Volume = JsonValues.ReadTotal(ref json);
            }
            else if (json.ValueTextEquals("turnover24h"u8))
            {
                json.Read();
                ticker.Turnover = JsonValues.ReadTotal(ref json);
            }
            else
            {
                json.Read();
                json.TrySkip();
            }
        }
    }

    private static bool TryReadBook(ReadOnlySpan<byte> data, ref Utf8JsonReader json, ref BybitBook book, VenueBatch into)
    {
        var bidsAt = -1;
        var asksAt = -1;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueIsEscaped || json.ValueSpan.Length != 1 ? (byte)0 : json.ValueSpan[0];
            json.Read();
            switch (name)
            {
                case (byte)'u':
                    book.UpdateId = JsonValues.ReadInteger(ref json);
                    break;
                case (byte)'b':
                    bidsAt = ArrayAt(ref json);
                    break;
                case (byte)'a':
                    asksAt = ArrayAt(ref json);
                    break;
                default:
                    json.TrySkip();
                    break;
            }
        }

        return bidsAt >= 0 && asksAt >= 0
            && JsonLevels.TryRead(data[bidsAt..], into.Levels, out book.Bids)
            && JsonLevels.TryRead(data[asksAt..], into.Levels, out book.Asks);
    }

    /// <summary>Place of the array the reader stands on, which is passed over; -1 when it is none.</summary>
    private static int ArrayAt(ref Utf8JsonReader json)
    {
        var at = json.TokenType == JsonTokenType.StartArray ? (int)json.TokenStartIndex : -1;
        json.TrySkip();
        return at;
    }
}
