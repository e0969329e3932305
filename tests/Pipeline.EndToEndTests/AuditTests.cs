using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>
/// The exchange lies about five candles, takes back two and keeps three trades to itself, on its stream and by REST alike: of what a
/// collector wrote meanwhile <c>pipeline audit</c> names exactly these, by window, field and cause.
/// </summary>
public sealed class AuditTests(ITestOutputHelper output)
{
    private const string Key = "binance:BTC-USDT";
    private const string Other = "binance:ETH-USDT";
    private const long Second = 1_000_000;

    // A machine that is busy is silent too: no connection is to be replaced for it, of which frames of candles are not asked for again.
    private const string Venue = """
        venueCandleIntervals: [1s]
        websocket: {stallTimeout: 2m, streamSilence: 2m}
        """;

    private static readonly string[] Falsified = ["close", "volume", "trades", "high", "takerBuyVolume"];

    /// <summary>All that a candle says of its trades, in the order in which differences are told.</summary>
    private static readonly string[] Fields =
        ["open", "high", "low", "close", "volume", "quoteVolume", "takerBuyVolume", "trades", "firstId", "lastId"];

    private static readonly string[] Ids = ["firstId", "lastId"];

    [Fact]
    public async Task Audit_FiveFalseTwoCorrectedThreeWithheld_NamesExactlyThese()
    {
        await using var stack = new LocalStack(
            $"{TwoMarkets.Venue("trade, venueCandle")}\n{Venue}", TwoMarkets.Simulator(30), "candles: {intervals: [1s]}", rest: true);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.trades", "md.candles", "md.venue-candles", "md.gaps");

        // The window in which reading began is not whole, and trades are told before the stream of candles is on.
        reader.ReadUntil(r => IsWhole(r, Key) && IsWhole(r, Other) && HasVenues(r, Key) && HasVenues(r, Other), explain: () => collector.Output);
        var from = reader.Of("md.candles").Where(candle => IsFinal(candle) && (bool)candle.Json["complete"]!).Max(candle => OpenOf(candle)) + Second;
        await GoWrongAsync(stack, reader, from);
        collector.Signal(PipelineProcess.SigInt);
        Assert.True(await collector.WaitForExitAsync() == 0, collector.Output);
        reader.ReadRest();

        var (bars, kept) = (await FalseAsync(stack), await WithheldAsync(stack));
        Assert.Equal(kept.Select(trade => trade.Id), SilentIn(reader));
        var withheld = kept.Select(trade => trade.Open).ToList();
        var truth = (await stack.TrueCandlesAsync("BTCUSDT", "1s")).ToDictionary(candle => (long)candle!["openTime"]!, candle => candle!);
        var fold = withheld.ToDictionary(open => open, open => FoldOf(reader, open));
        Assert.All(withheld, open => Assert.Equal(Value(truth[open], "trades") - 1, Value(fold[open], "trades")));
        var lasting = bars.Where(bar => !bar.IsCorrected).Select(bar => $"{bar.Open} venue-differs: {bar.Field}").ToList();
        var mended = bars.Where(bar => bar.IsCorrected).Select(bar => $"{bar.Open} venue-corrected, agrees: {bar.Field}").ToList();
        Assert.Equal((3, 2, 3), (lasting.Count, mended.Count, withheld.Count));

        var (code, audit) = await AuditAsync(stack, from);
        var silent = withheld.Select(open => $"{open} withheld: {string.Join(", ", Fields.Where(IsMissed(open)))}");
        Assert.Equal(lasting.Concat(mended).Concat(silent).Order(StringComparer.Ordinal), Told(audit));
        AssertCounts(audit, code, agreeNow: 2);
        Assert.Equal("""{"venue-corrected":2}""", audit["causesOfThoseThatAgreeNow"]!.ToJsonString());
        Assert.All(audit["findings"]!.AsArray(), finding => AssertValues(finding!, truth, fold));

        // What the venue takes back was never said by REST; ids it does not tell there.
        (code, audit) = await AuditAsync(stack, from, "--rest");
        silent = withheld.Select(open => $"{open} withheld: {string.Join(", ", Fields.Except(Ids).Where(IsMissed(open)))}");
        Assert.Equal(lasting.Concat(silent).Order(StringComparer.Ordinal), Told(audit));
        AssertCounts(audit, code, agreeNow: 0);
        Assert.All(audit["findings"]!.AsArray(), finding => AssertValues(finding!, truth, fold));

        Func<string, bool> IsMissed(long open) => field => Value(truth[open], field) != Value(fold[open], field);
    }

    /// <summary>Five candles are told wrong, then two of them right; then three trades are kept back, each in a second of its own.</summary>
    private static async Task GoWrongAsync(LocalStack stack, TopicReader reader, long from)
    {
        var control = new StackControl(stack);
        foreach (var field in Falsified)
        {
            await control.FaultAsync($$$"""{"id":"F70","venue":"binance","symbol":"BTCUSDT","parameters":{"interval":"1s","field":"{{{field}}}"}}""");
        }

        await Until.TrueAsync(async () => (await FalseAsync(stack)).Count == Falsified.Length);
        var bars = await FalseAsync(stack);
        Assert.Equal(Falsified.Order(), bars.Select(bar => bar.Field).Order());
        Assert.All(bars, bar => Assert.True(bar.Open >= from));
        reader.ReadUntil(r => bars.All(bar => Ours(r, bar.Open) > 0 && Venues(r, bar.Open) > 0));
        await control.FaultAsync("""{"id":"F71","venue":"binance","symbol":"BTCUSDT","count":2}""");
        await Until.TrueAsync(async () => (await FalseAsync(stack)).Count(bar => bar.IsCorrected) == 2);
        var corrected = (await FalseAsync(stack)).Where(bar => bar.IsCorrected).ToList();
        reader.ReadUntil(r => corrected.All(bar => Venues(r, bar.Open) > 1));
        for (var count = 1; count <= 3; count++)
        {
            await control.FaultAsync("""{"id":"F72","venue":"binance","symbol":"BTCUSDT"}""");
            await Until.TrueAsync(async () => (await WithheldAsync(stack)).Count == count);
            var open = (await WithheldAsync(stack))[^1].Open;
            reader.ReadUntil(r => Ours(r, open) > 0 && Venues(r, open) > 0);
        }
    }

    private static async Task<List<(long Open, string Field, bool IsCorrected)>> FalseAsync(LocalStack stack) =>
        [.. (await stack.TruthOfAsync("binance", "BTCUSDT"))["falseCandles"]!.AsArray()
            .Select(bar => ((long)bar!["openTime"]!, (string)bar["field"]!, (bool)bar["corrected"]!))];

    /// <summary>The trades that nobody was shown and their windows, oldest first.</summary>
    private static async Task<List<(long Id, long Open)>> WithheldAsync(LocalStack stack) =>
        [.. (await stack.TruthOfAsync("binance", "BTCUSDT"))["withheld"]!.AsArray()
            .Select(trade => ((long)trade!["id"]!, (long)trade["time"]! / Second * Second))];

    /// <summary>Ids of which the ledger says that the venue has nothing under them.</summary>
    private static IEnumerable<long> SilentIn(TopicReader reader) =>
        from record in reader.Of("md.gaps")
        where IsOf(record, Key) && (string)record.Json["state"]! == "venue-silent"
        from range in record.Json["missing"]!.AsArray()
        from id in Enumerable.Range(0, (int)((long)range![1]! - (long)range[0]! + 1)).Select(i => (long)range[0]! + i)
        orderby id
        select id;

    private static bool IsFinal(TopicRecord candle) => (string)candle.Json["state"]! != "forming";

    private static long OpenOf(TopicRecord candle) => (long)candle.Json["openTime"]!;

    private static bool IsWhole(TopicReader reader, string key) =>
        reader.Of("md.candles").Any(candle => IsOf(candle, key) && IsFinal(candle) && (bool)candle.Json["complete"]!);

    private static bool HasVenues(TopicReader reader, string key) => reader.Of("md.venue-candles").Any(candle => IsOf(candle, key) && IsFinal(candle));

    private static bool IsOf(TopicRecord candle, string key) => candle.Key.StartsWith($"{key}:", StringComparison.Ordinal);

    /// <summary>How often a window of the market that goes wrong was told closed.</summary>
    private static int Ours(TopicReader reader, long open) => Count(reader, "md.candles", open);

    private static int Venues(TopicReader reader, long open) => Count(reader, "md.venue-candles", open);

    private static int Count(TopicReader reader, string topic, long open) =>
        reader.Of(topic).Count(candle => IsOf(candle, Key) && IsFinal(candle) && OpenOf(candle) == open);

    /// <summary>The sum of the trades that were shown, as a candle.</summary>
    private static JsonObject FoldOf(TopicReader reader, long open)
    {
        var trades = reader.Of("md.trades").Where(record => record.Key == Key).Select(record => record.Json)
            .Where(trade => (long)trade["eventTime"]! >= open && (long)trade["eventTime"]! < open + Second).OrderBy(trade => (long)trade["id"]!).ToList();
        var prices = trades.Select(trade => Number(trade["price"]!)).ToList();
        var quantities = trades.Select(trade => Number(trade["quantity"]!)).ToList();
        return new JsonObject
        {
            ["open"] = prices[0],
            ["high"] = prices.Max(),
            ["low"] = prices.Min(),
            ["close"] = prices[^1],
            ["volume"] = quantities.Sum(),
            ["quoteVolume"] = prices.Zip(quantities, (price, quantity) => price * quantity).Sum(),
            ["takerBuyVolume"] = trades.Where(trade => (string)trade["side"]! == "buy").Sum(trade => Number(trade["quantity"]!)),
            ["trades"] = trades.Count,
            ["firstId"] = (long)trades[0]["id"]!,
            ["lastId"] = (long)trades[^1]["id"]!,
        };
    }

    private static decimal Value(JsonNode candle, string field) => Number(candle[field]!);

    private static decimal Number(JsonNode text) => decimal.Parse(text.ToString(), CultureInfo.InvariantCulture);

    private static async Task<(int ExitCode, JsonNode Audit)> AuditAsync(LocalStack stack, long from, string more = "")
    {
        var since = DateTime.UnixEpoch.AddMicroseconds(from).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

        // What is said of progress goes to the other output, which the tests see too.
        var run = await stack.RunShellAsync($"{PipelineProcess.Executable} audit --topology {stack.TopologyPath} --json --from {since} {more} 2>audit.log");
        var log = Path.Combine(Path.GetDirectoryName(stack.TopologyPath)!, "..", "audit.log");
        Assert.True(run.Output.StartsWith('{'), $"{run.ExitCode}: {run.Output}{await File.ReadAllTextAsync(log)}");
        return (run.ExitCode, JsonNode.Parse(run.Output)!);
    }

    /// <summary>Each finding of the one market; of the other there must be none.</summary>
    private static IEnumerable<string> Told(JsonNode audit) => audit["findings"]!.AsArray().Select(finding =>
    {
        Assert.Equal((Key, "1s"), ($"{finding!["venue"]}:{finding["instrument"]}", (string)finding["interval"]!));
        var fields = finding["differences"]!.AsArray().Select(one => (string)one!["field"]!);
        return $"{finding["openTime"]} {finding["cause"]}{((bool)finding["agrees"]! ? ", agrees" : "")}: {string.Join(", ", fields)}";
    }).Order(StringComparer.Ordinal);

    private void AssertCounts(JsonNode audit, int code, int agreeNow)
    {
        output.WriteLine($"{audit["checked"]} candles checked, {audit["differ"]} differ, {audit["agreeNow"]} agree now");
        Assert.Equal((1, 6), (code, (int)audit["differ"]!));
        Assert.Equal("""{"venue-differs":3,"withheld":3}""", audit["causes"]!.ToJsonString());
        Assert.Equal(agreeNow, (int)audit["agreeNow"]!);

        // Of both markets: more than those that went wrong, and of all others it is said that they are equal.
        Assert.True((int)audit["checked"]! > 12, audit.ToJsonString());
        Assert.Equal((int)audit["checked"]! - 6 - agreeNow, (int)audit["equal"]!);
    }

    /// <summary>What each side is said to say: we what was shown, the venue what really happened, but for its lie.</summary>
    private static void AssertValues(JsonNode finding, Dictionary<long, JsonNode> truth, Dictionary<long, JsonObject> fold)
    {
        var open = (long)finding["openTime"]!;
        foreach (var one in finding["differences"]!.AsArray())
        {
            var field = (string)one!["field"]!;
            var (ours, venue, really) = (Number(one["ours"]!), Number(one["venue"]!), Value(truth[open], field));
            if (fold.TryGetValue(open, out var shown))
            {
                Assert.Equal((Value(shown, field), really), (ours, venue));
                continue;
            }

            Assert.Equal(really, ours);
            Assert.Equal((bool)finding["agrees"]!, venue == really);
            Assert.Equal((bool)finding["agrees"]!, one["before"] is { } before && Number(before) != really);
        }
    }
}
