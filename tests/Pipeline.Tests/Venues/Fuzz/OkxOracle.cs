using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using static Pipeline.Tests.Venues.Fuzz.OracleJson;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>
/// OKX v5. Everything numeric is text but the sequence ids; empty text and null say nothing. A row in which any field that we know has a
/// value it cannot have is no record.
/// </summary>
internal sealed class OkxOracle(IReadOnlyList<string> symbols) : FuzzOracle(symbols)
{
    private static readonly Dictionary<string, string> Intervals = new(StringComparer.Ordinal)
    {
        ["1s"] = "1s",
        ["1m"] = "1m",
        ["3m"] = "3m",
        ["5m"] = "5m",
        ["15m"] = "15m",
        ["30m"] = "30m",
        ["1H"] = "1h",
        ["2H"] = "2h",
        ["4H"] = "4h",
        ["6Hutc"] = "6h",
        ["12Hutc"] = "12h",
        ["1Dutc"] = "1d",
        ["1Wutc"] = "1w",
    };

    protected override bool IsBareControl(ReadOnlySpan<byte> frame) => frame.SequenceEqual("pong"u8);

    protected override void ReadRoot(JsonElement root, FuzzReading into)
    {
        into.IsControl = Get(root, "event"u8) is not null;
        if (into.IsControl || Get(root, "arg"u8) is not { ValueKind: JsonValueKind.Object } arg || Text(Get(arg, "channel"u8)) is not { } channel
            || Get(root, "data"u8) is not { ValueKind: JsonValueKind.Array } rows)
        {
            return;
        }

        var subscribed = Get(arg, "instId"u8);
        foreach (var row in rows.EnumerateArray())
        {
            if (channel.StartsWith("candle", StringComparison.Ordinal))
            {
                AddCandle(row, channel[6..], SymbolOf(Text(subscribed)), into);
            }
            else if (!IsWell(row))
            {
                continue;
            }
            else if (channel == "liquidation-orders")
            {
                AddLiquidations(row, into);
            }
            else if (Get(row, "instId"u8) is not null || subscribed is { ValueKind: JsonValueKind.String })
            {
                // A renamed instrument's rows come under its new name on the old subscription.
                var own = SymbolOf(Text(Get(row, "instId"u8)));
                Add(channel, Text(Get(root, "action"u8)), row, own >= 0 ? own : SymbolOf(Text(subscribed)), into);
            }
        }
    }

    private static void Add(string channel, string? action, JsonElement row, int symbol, FuzzReading into)
    {
        if (symbol < 0 || (TextInteger(Get(row, "ts"u8)) is not { } time) || !IsTime(time))
        {
            return;
        }

        switch (channel)
        {
            case "trades" or "trades-all":
                AddTrade(row, symbol, time, channel == "trades" ? TextInteger(Get(row, "count"u8)) ?? 1 : 1, into);
                break;
            case "bbo-tbt":
                AddQuote(row, symbol, time, into);
                break;
            case "books5":
                AddBook(row, symbol, time, BookUpdateKind.Partial, into);
                break;
            case "books" when action is "snapshot" or "update":
                AddBook(row, symbol, time, action == "update" ? BookUpdateKind.Update : BookUpdateKind.Snapshot, into);
                break;
            case "tickers":
                AddTicker(row, symbol, time, into);
                break;
            case "mark-price" when OracleJson.Decimal(Get(row, "markPx"u8)) is { IsPositive: true } price:
                into.Records.Add(RecordText.Of(new VenueMarkPrice(symbol, price, null, time)));
                break;
            case "funding-rate" when OracleJson.Decimal(Get(row, "fundingRate"u8)) is { } rate && TextInteger(Get(row, "fundingTime"u8)) is { } due && IsTime(due):
                into.Records.Add(RecordText.Of(new VenueFundingRate(symbol, rate, due, time)));
                break;
        }
    }

    /// <summary>The id is the last of those that a row stands for.</summary>
    private static void AddTrade(JsonElement row, int symbol, long time, long fills, FuzzReading into)
    {
        if (SideOf(row) is { } side && TextInteger(Get(row, "tradeId"u8)) is ({ } id and >= 0) && fills is >= 1 and <= int.MaxValue && fills - 1 <= id
            && OracleJson.Decimal(Get(row, "px"u8)) is { IsPositive: true } price && OracleJson.Decimal(Get(row, "sz"u8)) is { IsPositive: true } quantity)
        {
            into.Records.Add(RecordText.Of(new VenueTrade(symbol, id, id - fills + 1, price, quantity, side, (int)fills, TradeKind.Market, time)));
        }
    }

    private static void AddQuote(JsonElement row, int symbol, long time, FuzzReading into)
    {
        var id = Integer(Get(row, "seqId"u8)) ?? time;
        if (id >= 0 && Levels(Get(row, "bids"u8)) is { } bids && Levels(Get(row, "asks"u8)) is { } asks)
        {
            var (bid, ask) = (bids.FirstOrDefault(), asks.FirstOrDefault());
            into.Records.Add(RecordText.Of(new VenueQuote(symbol, id, bid.Price, bid.Quantity, ask.Price, ask.Quantity, time)));
        }
    }

    /// <summary>Frames from before the sequence ids existed have none: their time stands in.</summary>
    private static void AddBook(JsonElement row, int symbol, long time, BookUpdateKind kind, FuzzReading into)
    {
        var id = Integer(Get(row, "seqId"u8));
        var previous = Integer(Get(row, "prevSeqId"u8)) ?? -1;
        if ((id ?? time) >= 0 && previous >= -1 && (id is not null || previous < 0)
            && Levels(Get(row, "bids"u8)) is { } bids && Levels(Get(row, "asks"u8)) is { } asks)
        {
            var update = new VenueBookUpdate(symbol, kind, id ?? time, id ?? time, previous, 0, 0, 0, time);
            into.Records.Add(RecordText.Of(update, bids.ToArray(), asks.ToArray()));
        }
    }

    /// <summary>The volume in currency is the turnover on spot alone.</summary>
    private static void AddTicker(JsonElement row, int symbol, long time, FuzzReading into)
    {
        var turnover = Text(Get(row, "instType"u8)) == "SPOT" ? OracleJson.Total(Get(row, "volCcy24h"u8)) : null;
        Number?[] optional =
        [
            OracleJson.Decimal(Get(row, "lastSz"u8)), OracleJson.Decimal(Get(row, "bidPx"u8)), OracleJson.Decimal(Get(row, "bidSz"u8)),
            OracleJson.Decimal(Get(row, "askPx"u8)), OracleJson.Decimal(Get(row, "askSz"u8)),
        ];
        if (!Array.Exists(optional, number => number is { Mantissa: < 0 }) && !(turnover is { } sum && Int128.IsNegative(sum.Mantissa)) && OracleJson.Decimal(Get(row, "last"u8)) is { IsPositive: true } last
            && OracleJson.Decimal(Get(row, "open24h"u8)) is { Mantissa: >= 0 } open && OracleJson.Decimal(Get(row, "high24h"u8)) is { Mantissa: >= 0 } high
            && OracleJson.Decimal(Get(row, "low24h"u8)) is { Mantissa: >= 0 } low && OracleJson.Amount(Get(row, "vol24h"u8)) is { } volume)
        {
            into.Records.Add(RecordText.Of(new VenueTicker(
                symbol, last, optional[0], optional[1], optional[2], optional[3], optional[4], open, high, low, volume, turnover, time)));
        }
    }

    /// <summary>Time, open, high, low, close, volume, two turnovers, whether it is closed.</summary>
    private static void AddCandle(JsonElement row, string name, int symbol, FuzzReading into)
    {
        if (symbol >= 0 && Intervals.TryGetValue(name, out var interval) && row.ValueKind == JsonValueKind.Array && row.GetArrayLength() >= 9
            && TextInteger(row[0]) is { } start && IsTime(start) && OracleJson.Decimal(row[1]) is { } open
            && OracleJson.Decimal(row[2]) is { } high && OracleJson.Decimal(row[3]) is { IsPositive: true } low && high >= low
            && OracleJson.Decimal(row[4]) is { } close && OracleJson.Amount(row[5]) is { } volume
            && OracleJson.Amount(row[7]) is { } turnover && Text(row[8]) is "0" or "1")
        {
            into.Records.Add(RecordText.Of(new VenueCandle(
                symbol, CandleInterval.Parse(interval), start, open, high, low, close, volume, turnover, null, -1, -1, -1, Text(row[8]) == "1", 0)));
        }
    }

    private void AddLiquidations(JsonElement row, FuzzReading into)
    {
        var symbol = SymbolOf(Text(Get(row, "instId"u8)));
        if (symbol < 0 || Get(row, "details"u8) is not { } details)
        {
            return;
        }

        foreach (var detail in details.EnumerateArray())
        {
            if (IsWell(detail) && SideOf(detail) is { } side && TextInteger(Get(detail, "ts"u8)) is { } time && IsTime(time)
                && OracleJson.Decimal(Get(detail, "bkPx"u8)) is { IsPositive: true } price && OracleJson.Decimal(Get(detail, "sz"u8)) is { IsPositive: true } quantity)
            {
                into.Records.Add(RecordText.Of(new VenueLiquidation(symbol, side, price, null, quantity, time)));
            }
        }
    }

    private static AggressorSide? SideOf(JsonElement row) => Get(row, "side"u8) is not { } side ? null
        : Text(side) switch { "buy" => AggressorSide.Buy, "sell" => AggressorSide.Sell, _ => AggressorSide.Unknown };

    private static bool IsWell(JsonElement row) => row.ValueKind == JsonValueKind.Object && row.EnumerateObject().All(IsWell);

    private static bool IsWell(JsonProperty member) => NameOf(member) switch
    {
        "px" or "sz" or "bkPx" or "markPx" or "last" or "lastSz" or "askPx" or "askSz" or "bidPx" or "bidSz" or "open24h" or "high24h" or "low24h"
            or "fundingRate" => IsSilent(member.Value) || OracleJson.Decimal(member.Value) is not null,
        "vol24h" or "volCcy24h" => IsSilent(member.Value) || OracleJson.Total(member.Value) is not null,
        "tradeId" or "ts" or "count" or "fundingTime" => IsSilent(member.Value) || TextInteger(member.Value) is not null,
        "seqId" or "prevSeqId" => IsSilent(member.Value) || Integer(member.Value) is not null,
        "side" => IsSilent(member.Value) || Text(member.Value) is "buy" or "sell",
        "instId" or "instType" => member.Value.ValueKind == JsonValueKind.String,
        "details" => member.Value.ValueKind == JsonValueKind.Array,
        "bids" or "asks" => Levels(member.Value) is not null,
        _ => true,
    };

    private static bool IsSilent(JsonElement value) => value.ValueKind == JsonValueKind.Null || Text(value) is "";
}
