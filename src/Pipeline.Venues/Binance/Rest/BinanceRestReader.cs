using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance.Rest;

/// <summary>Answers about one instrument. Throws <see cref="JsonException"/> when an answer is not the list or object it should be.</summary>
internal static class BinanceRestReader
{
    private delegate string? RowReader(ref Utf8JsonReader row);

    /// <summary>Microseconds since the Unix epoch.</summary>
    public static long ReadServerTime(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("serverTime").GetInt64() * 1000;
    }

    /// <summary>Rows have the fields of the stream.</summary>
    public static int ReadAggregateTrades(ReadOnlySpan<byte> body, int symbol, VenueBatch into) => ReadRows(body, into, (ref row) =>
    {
        var fields = BinanceFields.None;
        BinanceFieldReader.ReadPayload(ref row, into.Source.Symbols, ref fields);
        fields.HasSymbol = true;
        fields.Symbol = symbol;
        return BinanceRecords.AddAggregateTrade(fields, into);
    });

    /// <summary>Rows spell their fields out.</summary>
    public static int ReadTrades(ReadOnlySpan<byte> body, int symbol, VenueBatch into) => ReadRows(body, into, (ref row) =>
    {
        var fields = BinanceFields.None;
        fields.HasSymbol = true;
        fields.Symbol = symbol;
        while (row.Read() && row.TokenType == JsonTokenType.PropertyName)
        {
            if (row.ValueTextEquals("id"u8) && row.Read())
            {
                fields.TradeId = BinanceFieldReader.ReadInteger(ref row);
            }
            else if (row.ValueTextEquals("price"u8) && row.Read())
            {
                fields.Price = BinanceFieldReader.ReadNumber(ref row);
            }
            else if (row.ValueTextEquals("qty"u8) && row.Read())
            {
                fields.Quantity = BinanceFieldReader.ReadNumber(ref row);
            }
            else if (row.ValueTextEquals("time"u8) && row.Read())
            {
                fields.TradeTime = BinanceFieldReader.ReadInteger(ref row);
            }
            else if (row.ValueTextEquals("isBuyerMaker"u8) && row.Read())
            {
                fields.BuyerIsMaker = row.TokenType is JsonTokenType.True or JsonTokenType.False ? row.GetBoolean() : null;
                row.Skip();
            }
            else
            {
                row.Read();
                row.Skip();
            }
        }

        return BinanceRecords.AddTrade(fields, into);
    });

    /// <summary>Rows <c>[openTime,"o","h","l","c","v",closeTime,"q",trades,"takerBase","takerQuote","0"]</c>; they name no trade ids.</summary>
    /// <param name="now">Milliseconds: a candle whose last one has passed is closed.</param>
    public static int ReadCandles(ReadOnlySpan<byte> body, int symbol, CandleInterval interval, long now, VenueBatch into) =>
        ReadRows(body, into, (ref row) =>
        {
            if (row.TokenType != JsonTokenType.StartArray
                || NextInteger(ref row) is not { } openTime
                || NextNumber(ref row) is not { } open
                || NextNumber(ref row) is not { } high
                || NextNumber(ref row) is not { } low
                || NextNumber(ref row) is not { } close
                || NextTotal(ref row) is not { } volume
                || NextInteger(ref row) is not { } closeTime
                || NextTotal(ref row) is not { } quoteVolume
                || NextInteger(ref row) is not { } trades
                || NextTotal(ref row) is not { } takerBuyVolume)
            {
                return DeadLetterReason.WrongShape;
            }

            var isClosed = closeTime < now;
            return BinanceRecords.AddCandle(
                new VenueCandle(
                    symbol, interval, openTime, open, high, low, close, volume, quoteVolume, takerBuyVolume, trades, -1, -1, isClosed,
                    isClosed ? closeTime : now),
                into);
        });

    public static int ReadBook(ReadOnlySpan<byte> body, int symbol, VenueBatch into)
    {
        var json = new Utf8JsonReader(body);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The book is no object.");
        }

        var fields = BinanceFields.None;
        BinanceFieldReader.ReadPayload(ref json, into.Source.Symbols, ref fields);
        fields.Symbol = symbol;
        return BinanceRecords.AddSnapshot(body, fields, into) is { } reason ? throw new JsonException($"The book is of no use: {reason}.") : 1;
    }

    /// <summary>Reads each row on a copy of the reader, so that one that is not understood leads no other astray.</summary>
    private static int ReadRows(ReadOnlySpan<byte> body, VenueBatch into, RowReader read)
    {
        var json = new Utf8JsonReader(body);
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("The answer is no list.");
        }

        var taken = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)json.TokenStartIndex;
            var row = json;
            json.Skip();
            var reason = row.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? read(ref row) : DeadLetterReason.WrongShape;
            if (reason is null)
            {
                taken++;
            }
            else
            {
                var bytes = body[start..(int)json.BytesConsumed];
                into.AddDeadLetter(reason, bytes, bytes.Length);
            }
        }

        return taken;
    }

    private static long? NextInteger(ref Utf8JsonReader row) => row.Read() ? BinanceFieldReader.ReadInteger(ref row) : null;

    private static WideNumber? NextTotal(ref Utf8JsonReader row) => row.Read() ? BinanceFieldReader.ReadTotal(ref row, out _) : null;

    private static Number? NextNumber(ref Utf8JsonReader row) => row.Read() ? BinanceFieldReader.ReadNumber(ref row) : null;
}
