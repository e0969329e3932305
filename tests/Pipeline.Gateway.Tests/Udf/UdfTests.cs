using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Gateway.Candles;
using Pipeline.Gateway.Tests.Candles;
using Pipeline.Gateway.Udf;

namespace Pipeline.Gateway.Tests.Udf;

/// <summary>
/// Against the public description of TradingView's UDF adapter ("UDF adapter", charting library documentation, read 2026-11-21): every
/// documented request, good and bad.
/// </summary>
public sealed class UdfTests
{
    private const int Minute = 60;
    private const long Start = CandleRecord.Start / 1_000_000;

    [Fact]
    public async Task Config_NamesWhatTheFeedCan()
    {
        await using var stack = await MakeAsync();

        var config = Json(Udf(stack).Config());

        // "Either supports_search or supports_group_request should be set to true."
        Assert.True((bool)config["supports_search"]! ^ (bool)config["supports_group_request"]!);
        Assert.False((bool)config["supports_marks"]!);
        Assert.False((bool)config["supports_timescale_marks"]!);
        Assert.True((bool)config["supports_time"]!);
        Assert.Equal(
            ["1S", "5S", "15S", "30S", "1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "1D", "1W"],
            config["supported_resolutions"]!.AsArray().Select(one => (string)one!));
        Assert.Equal(["", "BINANCE", "OKX"], config["exchanges"]!.AsArray().Select(one => (string)one!["value"]!));
        Assert.Equal(["", "spot", "perpetual", "token"], config["symbols_types"]!.AsArray().Select(one => (string)one!["value"]!));
    }

    [Theory]
    [InlineData("binance:BTC-USDT")]
    [InlineData("BINANCE:BTCUSDT")]
    [InlineData("BTC-USDT")]
    [InlineData("BTC/USDT")]
    public async Task Symbols_ByName_DescribesTheInstrument(string name)
    {
        await using var stack = await MakeAsync();

        var info = Json(Udf(stack).Symbols(name, null));

        Assert.Null(info["s"]);
        Assert.Equal("binance:BTC-USDT", (string)info["ticker"]!);
        Assert.Equal("BTCUSDT", (string)info["name"]!);
        Assert.Equal("BINANCE", (string)info["exchange"]!);
        Assert.Equal("BINANCE", (string)info["listed_exchange"]!);
        Assert.Equal("spot", (string)info["type"]!);
        Assert.Equal("24x7", (string)info["session"]!);
        Assert.Equal("Etc/UTC", (string)info["timezone"]!);
        Assert.Equal((1, 100), ((int)info["minmov"]!, (int)info["pricescale"]!));
        Assert.Equal(3, (int)info["volume_precision"]!);
        Assert.Equal("USDT", (string)info["currency_code"]!);
        Assert.All(["has_intraday", "has_seconds", "has_daily", "has_weekly_and_monthly"], key => Assert.True((bool)info[key]!));
        Assert.Equal(["1", "5", "15", "30"], info["seconds_multipliers"]!.AsArray().Select(one => (string)one!));
        Assert.Equal(["1", "3", "5", "15", "30", "60", "120", "240", "360", "720"], info["intraday_multipliers"]!.AsArray().Select(one => (string)one!));
    }

    [Fact]
    public async Task Symbols_PriceSteps_AreWholeNumbersOfDecimals()
    {
        await using var stack = await MakeAsync();

        var half = Json(Udf(stack).Symbols("binance:BTC-USDT-PERP", null));
        var unknown = Json(Udf(stack).Symbols("okx:SOL-USDT", null));

        Assert.Equal((5, 10, "BTCUSDT.P", "perpetual"), ((int)half["minmov"]!, (int)half["pricescale"]!, (string)half["name"]!, (string)half["type"]!));
        Assert.Equal((1, 10_000_000_000), ((int)unknown["minmov"]!, (long)unknown["pricescale"]!));
    }

    [Theory]
    [InlineData("NO-SUCH", null, "unknown_symbol")]
    [InlineData("<b>", null, "unknown_symbol")]
    [InlineData("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", null, "unknown_symbol")]
    [InlineData(null, null, "symbol or group is missing")]
    [InlineData("", "", "symbol or group is missing")]
    [InlineData(null, "nowhere", "unknown_group")]
    public async Task Symbols_ThatAreWrong_AreAnErrorWithItsReason(string? symbol, string? group, string message)
    {
        await using var stack = await MakeAsync();

        AssertError(message, Udf(stack).Symbols(symbol, group));
    }

    [Theory]
    [InlineData("binance")]
    [InlineData("BINANCE")]
    public async Task Symbols_ByGroup_AreATable(string group)
    {
        await using var stack = await MakeAsync();

        var table = Json(Udf(stack).Symbols(null, group));

        Assert.Equal(["BTCUSDT", "BTCUSDT.P"], Texts(table["symbol"]));
        Assert.Equal(["binance:BTC-USDT", "binance:BTC-USDT-PERP"], Texts(table["ticker"]));
        Assert.Equal(["BINANCE", "BINANCE"], Texts(table["exchange-listed"]));
        Assert.Equal([100L, 10], table["pricescale"]!.AsArray().Select(one => (long)one!));
        Assert.Equal([1L, 5], table["minmovement"]!.AsArray().Select(one => (long)one!));

        // One value, a list, for all rows.
        Assert.Equal("1S", Texts(table["supported-resolutions"])[0]);
        Assert.Equal("24x7", (string)table["session-regular"]!);
    }

    [Theory]
    [InlineData("btc", "", "", null, "binance:BTC-USDT okx:BTC-USDT binance:BTC-USDT-PERP")]
    [InlineData("BTC/USDT", "", "", null, "binance:BTC-USDT okx:BTC-USDT binance:BTC-USDT-PERP")]
    [InlineData("btc", "perpetual", "", null, "binance:BTC-USDT-PERP")]
    [InlineData("btc", "", "OKX", null, "okx:BTC-USDT")]
    [InlineData("btc", "", "okx", null, "okx:BTC-USDT")]
    [InlineData("btc", "", "", "1", "binance:BTC-USDT")]
    [InlineData("usdt", "spot", "BINANCE", "10", "binance:BTC-USDT")]
    [InlineData("", "", "", "2", "binance:BTC-USDT okx:BTC-USDT")]
    [InlineData("zzz", "", "", null, "")]
    [InlineData("btc", "stock", "", null, "")]
    public async Task Search_GivesRowsTheBestFirst(string query, string type, string exchange, string? limit, string expected)
    {
        await using var stack = await MakeAsync();

        var rows = Json(Udf(stack).Search(query, type, exchange, limit)).AsArray();

        Assert.Equal(expected, string.Join(' ', rows.Select(row => (string)row!["ticker"]!)));
        Assert.All(rows, row => Assert.All(["symbol", "full_name", "description", "exchange", "ticker", "type"], key => Assert.NotNull(row![key])));
    }

    [Theory]
    [InlineData("btc", "0")]
    [InlineData("btc", "-1")]
    [InlineData("btc", "many")]
    public async Task Search_WrongLimit_IsAnError(string query, string limit)
    {
        await using var stack = await MakeAsync();

        AssertError("limit must be a whole number of 1 or more", Udf(stack).Search(query, "", "", limit));
        AssertError("query is too long", Udf(stack).Search(new string('x', 101), "", "", null));
    }

    [Fact]
    public async Task Time_IsSecondsAsPlainText()
    {
        await using var stack = await MakeAsync();

        var answer = Udf(stack).Time();

        Assert.StartsWith("text/plain", answer.ContentType, StringComparison.Ordinal);
        Assert.Equal("1767657600", Encoding.UTF8.GetString(answer.Body.Span));
    }

    [Theory]
    [InlineData(0, 5, null, 0, 4)]
    [InlineData(2, 5, null, 2, 4)]
    [InlineData(8, 100, null, 8, 9)]
    [InlineData(-100, 100, null, 0, 9)]
    [InlineData(8, 10, 4, 6, 9)]
    [InlineData(0, 5, 2, 3, 4)]
    [InlineData(99, 5, 2, 3, 4)]
    [InlineData(0, 100, 9_999_999, 0, 9)]
    public async Task History_RangeOrCountback_GivesTheBarsInOrder(int from, int to, int? countback, int first, int last)
    {
        await using var stack = await MakeAsync();

        var bars = Json(await HistoryAsync(stack, Text(from), Text(to), countback?.ToString(CultureInfo.InvariantCulture)));

        Assert.Equal("ok", (string)bars["s"]!);
        Assert.Equal(Enumerable.Range(first, last - first + 1).Select(i => Start + (i * Minute)), bars["t"]!.AsArray().Select(one => (long)one!));
        Assert.All(["o", "h", "l", "c", "v"], key => Assert.Equal(last - first + 1, bars[key]!.AsArray().Count));
    }

    [Fact]
    public async Task History_Values_AreNumbersOfTheRecordsDigits()
    {
        await using var stack = await MakeAsync();

        var text = Encoding.UTF8.GetString((await HistoryAsync(stack, Text(0), Text(1), null)).Body.Span);

        Assert.Equal(
            $$"""{"s":"ok","t":[{{Start}}],"o":[91230.5],"h":[91240.1234567890123],"l":[0.00000000000000000123],"c":[91234],"v":[123456789012345678901234.000001]}""",
            text);
    }

    [Fact]
    public async Task History_NothingInRange_NamesTheNextOlderBar()
    {
        await using var stack = await MakeAsync();

        var after = Json(await HistoryAsync(stack, Text(20), Text(30), null));
        var before = Json(await HistoryAsync(stack, Text(-30), Text(0), null));
        var counted = Json(await HistoryAsync(stack, Text(-30), Text(0), "5"));
        var none = Json(await Udf(stack).HistoryAsync("okx:SOL-USDT", "1", Text(0), Text(10), null));

        Assert.Equal(("no_data", Start + (9 * Minute)), ((string)after["s"]!, (long)after["nextTime"]!));
        Assert.All([before, counted, none], answer =>
        {
            Assert.Equal("no_data", (string)answer["s"]!);
            Assert.Null(answer["nextTime"]);
        });
    }

    [Fact]
    public async Task History_RevisedAndFormingBars_ComeOnceEachInTheirNewestForm()
    {
        await using var stack = await MakeAsync();
        stack.Add(CandleRecord.At(3, state: "revised", revision: 1) with { Close = "1" });
        stack.Add(CandleRecord.At(10, state: "forming") with { Close = "2" });
        stack.Add(CandleRecord.At(4, state: "revised", revision: 1) with { Close = "3" });
        await stack.SettleAsync();

        var bars = Json(await HistoryAsync(stack, Text(0), Text(100), null));

        var times = bars["t"]!.AsArray().Select(one => (long)one!).ToList();
        Assert.Equal(Enumerable.Range(0, 11).Select(i => Start + (i * Minute)), times);
        Assert.Equal(["1", "3", "2"], new[] { 3, 4, 10 }.Select(i => bars["c"]![i]!.ToJsonString()));
    }

    [Theory]
    [InlineData("60", "1h")]
    [InlineData("1S", "1s")]
    [InlineData("1D", "1d")]
    [InlineData("D", "1d")]
    [InlineData("1W", "1w")]
    [InlineData("W", "1w")]
    [InlineData("720", "12h")]
    public async Task History_Resolutions_AreTradingViewsCodes(string resolution, string interval)
    {
        await using var stack = await MakeAsync();
        stack.Add(CandleRecord.At(0, interval));
        await stack.SettleAsync();

        var bars = Json(await Udf(stack).HistoryAsync("BTC-USDT", resolution, "0", Text(100_000), null));

        Assert.Equal([Start], bars["t"]!.AsArray().Select(one => (long)one!));
    }

    [Theory]
    [InlineData("NO-SUCH", "1", "0", "1", null, "unknown_symbol")]
    [InlineData(null, "1", "0", "1", null, "symbol is missing")]
    [InlineData("BTC-USDT", "7", "0", "1", null, "unsupported resolution")]
    [InlineData("BTC-USDT", "1M", "0", "1", null, "unsupported resolution")]
    [InlineData("BTC-USDT", null, "0", "1", null, "unsupported resolution")]
    [InlineData("BTC-USDT", "1", null, "1", null, "from must be a whole number of seconds since 1970")]
    [InlineData("BTC-USDT", "1", "now", "1", null, "from must be a whole number of seconds since 1970")]
    [InlineData("BTC-USDT", "1", "0", null, null, "to must be a whole number of seconds since 1970")]
    [InlineData("BTC-USDT", "1", "0", "1e9", null, "to must be a whole number of seconds since 1970")]
    [InlineData("BTC-USDT", "1", "5", "4", null, "from must not be later than to")]
    [InlineData("BTC-USDT", "1", "0", "1", "0", "countback must be a whole number of 1 or more")]
    [InlineData("BTC-USDT", "1", "0", "1", "x", "countback must be a whole number of 1 or more")]
    public async Task History_ThatIsWrong_IsAnErrorWithItsReason(
        string? symbol, string? resolution, string? from, string? to, string? countback, string message)
    {
        await using var stack = await MakeAsync();

        AssertError(message, await Udf(stack).HistoryAsync(symbol, resolution, from, to, countback));
    }

    [Fact]
    public async Task History_TimesBeyondAllReason_AreNoFault()
    {
        await using var stack = await MakeAsync();

        var bars = Json(await Udf(stack).HistoryAsync("BTC-USDT", "1", long.MinValue.ToString(CultureInfo.InvariantCulture), long.MaxValue.ToString(CultureInfo.InvariantCulture), null));

        Assert.Equal(10, bars["t"]!.AsArray().Count);
    }

    /// <summary>Ten candles of a minute.</summary>
    private static async Task<CandleStack> MakeAsync()
    {
        var stack = new CandleStack();
        for (var i = 0; i < 10; i++)
        {
            stack.Add(CandleRecord.At(i));
        }

        await stack.SettleAsync();
        return stack;
    }

    private static UdfService Udf(CandleStack stack) => new(stack.Hub.Instruments, stack.Service.History, new HubCandles(stack.Hub), stack.Time, "binance");

    private static Task<UdfAnswer> HistoryAsync(CandleStack stack, string from, string to, string? countback) =>
        Udf(stack).HistoryAsync("binance:BTC-USDT", "1", from, to, countback);

    private static string Text(int index) => (Start + ((long)index * Minute)).ToString(CultureInfo.InvariantCulture);

    private static List<string> Texts(JsonNode? column) => [.. column!.AsArray().Select(one => (string)one!)];

    private static JsonNode Json(UdfAnswer answer) => JsonNode.Parse(answer.Body.Span)!;

    private static void AssertError(string message, UdfAnswer answer)
    {
        var json = Json(answer);
        Assert.Equal("error", (string)json["s"]!);
        Assert.Equal(message, (string)json["errmsg"]!);
        Assert.Equal(2, json.AsObject().Count);
    }
}
