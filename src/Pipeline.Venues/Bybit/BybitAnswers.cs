using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// What the answers say. Lists come newest first and are read backwards. Whatever is not as it should be throws one of the exceptions
/// that <see cref="BybitAnswer.Read{T}"/> translates, and a batch is then as it was.
/// </summary>
internal static class BybitAnswers
{
    /// <summary>Spot lists only what is trading. Rows without names are passed over.</summary>
    public static IReadOnlyList<InstrumentInfo> Instruments(JsonElement root)
    {
        var instruments = new List<InstrumentInfo>();
        foreach (var row in List(root).EnumerateArray())
        {
            if (Text(row, "symbol") is { } symbol && Text(row, "baseCoin") is { } coin && Text(row, "quoteCoin") is { } quote)
            {
                instruments.Add(new InstrumentInfo(
                    "bybit", $"{coin}-{quote}", symbol, InstrumentKind.Spot, coin, quote, Step(row, "priceFilter", "tickSize"),
                    Step(row, "lotSizeFilter", "basePrecision"), null, StatusOf(Text(row, "status"))));
            }
        }

        return instruments;
    }

    public static IReadOnlyDictionary<string, Number> Turnover(JsonElement root)
    {
        var turnover = new Dictionary<string, Number>(StringComparer.Ordinal);
        foreach (var row in List(root).EnumerateArray())
        {
            if (Text(row, "symbol") is { } symbol && Text(row, "turnover24h") is { } text && Number.TryParse(text, out var value))
            {
                turnover[symbol] = value;
            }
        }

        return turnover;
    }

    /// <summary>Microseconds, from the answer's nanoseconds.</summary>
    public static long ServerTime(JsonElement root) =>
        long.Parse(root.GetProperty("result").GetProperty("timeNano").GetString() ?? "", CultureInfo.InvariantCulture) / 1000;

    public static int AddTrades(JsonElement root, int symbol, VenueBatch into)
    {
        var mark = new BatchMark(into);
        var rows = List(root);
        for (var i = rows.GetArrayLength() - 1; i >= 0; i--)
        {
            var trade = new BybitTrade
            {
                Id = Text(rows[i], "execId") is { } id && BybitTradeId.TryRead(System.Text.Encoding.UTF8.GetBytes(id), out var number) ? number : null,
                Time = Integer(Text(rows[i], "time")),
                Price = Decimal(Text(rows[i], "price")),
                Quantity = Decimal(Text(rows[i], "size")),
                Taker = Text(rows[i], "side") switch { "Buy" => AggressorSide.Buy, "Sell" => AggressorSide.Sell, _ => null },
            };
            Check(BybitRecords.AddTrade(symbol, trade, into), mark);
        }

        return rows.GetArrayLength();
    }

    /// <summary>Rows <c>[start, open, high, low, close, volume, turnover]</c>; those out of the range asked for are passed over.</summary>
    public static int AddCandles(JsonElement root, int symbol, CandleInterval interval, long first, long last, VenueBatch into)
    {
        var mark = new BatchMark(into);
        var now = root.GetProperty("time").GetInt64();
        var rows = List(root);
        var count = 0;
        for (var i = rows.GetArrayLength() - 1; i >= 0; i--)
        {
            var row = rows[i];
            var start = Integer(Text(row, 0));
            if (start < first || start > last)
            {
                continue;
            }

            var candle = new BybitKline
            {
                OpenTime = start,
                Open = Decimal(Text(row, 1)),
                High = Decimal(Text(row, 2)),
                Low = Decimal(Text(row, 3)),
                Close = Decimal(Text(row, 4)),
                Volume = Total(Text(row, 5)),
                Turnover = Total(Text(row, 6)),
                Closed = start + (interval.Microseconds / 1000) <= now,
            };
            Check(BybitRecords.AddKline(symbol, interval, candle, now, into), mark);
            count++;
        }

        return count;
    }

    public static int AddBook(JsonElement root, int symbol, VenueBatch into)
    {
        var mark = new BatchMark(into);
        var result = root.GetProperty("result");
        var message = new BybitMessage
        {
            Channel = BybitChannel.Book,
            Type = BybitMessageType.Snapshot,
            Symbol = symbol,
            Time = result.GetProperty("ts").GetInt64(),
            EngineTime = result.TryGetProperty("cts", out var made) ? made.GetInt64() : null,
        };
        Check(BybitDataReader.AddBook(JsonMarshal.GetRawUtf8Value(result), message, into), mark);
        return 1;
    }

    private static void Check(string? reason, in BatchMark mark)
    {
        if (reason is not null)
        {
            mark.Restore();
            throw new InvalidDataException($"a row has {reason}");
        }
    }

    private static JsonElement List(JsonElement root)
    {
        var list = root.GetProperty("result").GetProperty("list");
        return list.ValueKind == JsonValueKind.Array ? list : throw new InvalidDataException("there is no list");
    }

    private static string? Text(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Text(JsonElement row, int index) =>
        row.ValueKind == JsonValueKind.Array && index < row.GetArrayLength() && row[index].ValueKind == JsonValueKind.String
            ? row[index].GetString()
            : null;

    private static Number? Step(JsonElement row, string filter, string name) =>
        row.TryGetProperty(filter, out var inner) ? Decimal(Text(inner, name)) : null;

    private static Number? Decimal(string? text) => text is not null && Number.TryParse(text, out var number) ? number : null;

    private static WideNumber? Total(string? text) =>
        text is not null && WideNumber.TryParse(Encoding.UTF8.GetBytes(text), out var number) ? number : null;

    private static long? Integer(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static InstrumentStatus StatusOf(string? status) => status switch
    {
        "Trading" => InstrumentStatus.Trading,
        "PreLaunch" => InstrumentStatus.PreOpen,
        "Closed" => InstrumentStatus.Delisted,
        _ => InstrumentStatus.Halted,
    };
}
