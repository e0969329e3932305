using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>A collector that is killed under load goes on as if nothing had happened.</summary>
public sealed class RestartTests(ITestOutputHelper output)
{
    private const int Partitions = 4;

    private const string Restart = """
        restart: {checkpointInterval: 1s}
        """;

    private static readonly string[] Instruments = ["BTC-USDT", "ETH-USDT"];

    [Fact]
    public async Task Collector_KilledAgainAndAgain_EveryTradeIsThereOnceAndCandlesEqualTheirFold()
    {
        var kills = LongForm.Number("PIPELINE_RESTARTS", 5);
        await using var stack = new LocalStack(TwoMarkets.Venue("trade, quote"), TwoMarkets.Simulator(60), Restart, Partitions, rest: true);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, Partitions, "md.trades", "md.candles", "md.gaps");
        var starts = new List<string>();
        for (var kill = 0; kill < kills; kill++)
        {
            var started = Stopwatch.GetTimestamp();
            var collector = await stack.StartCollectorAsync();
            starts.Add($"{Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");

            // Repaired trades come at once: only live ones say that it has lived for a while.
            reader.ReadUntil(_ => true);
            var goal = LiveIn(reader) + 150 + (kill % 5 * 70);
            reader.ReadUntil(r => LiveIn(r) >= goal);
            collector.Signal(PipelineProcess.SigKill);
            await collector.WaitForExitAsync();
        }

        var last = await stack.StartCollectorAsync();
        var now = await stack.LastTradeIdsAsync();
        try
        {
            reader.ReadUntil(r => now.All(one => Missing(r, one.Key, one.Value) == 0));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{string.Join("; ", now.Select(one => $"{one.Key} to {one.Value} misses {Missing(reader, one.Key, one.Value)}"))}\n{last.Output}");
        }

        // What is told late, or was told too early, is put right: then nothing but the beginning is incomplete.
        reader.ReadUntil(r => !Unsettled(r).Any(), explain: () => $"Not settled: {string.Join("; ", Unsettled(reader))}\n{last.Output}");
        last.Signal(PipelineProcess.SigInt);
        Assert.True(await last.WaitForExitAsync() == 0, last.Output);
        reader.ReadRest();
        Assert.Contains("restored", last.Output, StringComparison.Ordinal);
        foreach (var instrument in Instruments)
        {
            await AssertTradesAsync(stack, reader, instrument);
            AssertCandles(reader, instrument);
        }

        output.WriteLine($"{kills} kills; ready after {string.Join(", ", starts)}");
        output.WriteLine(string.Join('\n', last.Lines.Where(line => line.Contains("partition", StringComparison.Ordinal))));
    }

    private static int LiveIn(TopicReader reader) => reader.Of("md.trades").Count(record => (string)record.Json["source"]! == "live");

    private static long Missing(TopicReader reader, string key, long last)
    {
        var ids = reader.Of("md.trades").Where(record => record.Key == key).Select(record => (long)record.Json["id"]!).ToHashSet();
        return ids.Count == 0 ? long.MaxValue : last - ids.Min() + 1 - ids.Count(id => id <= last);
    }

    /// <summary>Every id once, live ones rising, repaired ones inside a hole that was announced before them.</summary>
    private async Task AssertTradesAsync(LocalStack stack, TopicReader reader, string instrument)
    {
        var trades = reader.Of("md.trades").Where(record => record.Key == $"binance:{instrument}").Select(record => record.Json).ToList();
        var ids = trades.Select(trade => (long)trade["id"]!).ToList();
        Assert.Empty(ids.GroupBy(id => id).Where(same => same.Count() > 1).Select(same => same.Key));
        var live = trades.Where(trade => (string)trade["source"]! == "live").Select(trade => (long)trade["id"]!).ToList();
        Assert.Equal(live.Order(), live);
        var truth = await stack.TruthAsync("binance", instrument.Replace("-", "", StringComparison.Ordinal), ids.Min());
        var byId = trades.ToDictionary(trade => (long)trade["id"]!);
        var compared = 0;
        foreach (var made in truth.Where(made => (long)made!["id"]! <= ids.Max()))
        {
            Assert.True(byId.TryGetValue((long)made!["id"]!, out var written), $"{instrument} {made["id"]} is missing");
            Assert.Equal(Decimal(made["price"]!), Decimal(written["price"]!));
            Assert.Equal(Decimal(made["quantity"]!), Decimal(written["quantity"]!));
            Assert.Equal((string)made["side"]!, (string)written["side"]!);

            // The venue tells milliseconds and cuts off what is finer.
            Assert.Equal((long)made["time"]! / 1000 * 1000, (long)written["eventTime"]!);
            compared++;
        }

        Assert.Equal(trades.Count, compared);
        var gaps = reader.Of("md.gaps").Where(record => record.Key.StartsWith($"binance:{instrument}:", StringComparison.Ordinal)).ToList();
        Assert.All(gaps.GroupBy(gap => gap.Key), records => Assert.NotEqual("open", (string)records.Last().Json["state"]!));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{instrument}: {trades.Count} trades, {trades.Count - live.Count} repaired, {gaps.Count} gap records"));
    }

    /// <summary>Holes that are open, and candles that say they lack something though they are not their interval's first.</summary>
    private static IEnumerable<string> Unsettled(TopicReader reader)
    {
        foreach (var gap in reader.Of("md.gaps").GroupBy(record => record.Key).Where(gap => (string)gap.Last().Json["state"]! == "open"))
        {
            yield return gap.Key;
        }

        foreach (var instrument in Instruments)
        {
            var began = TradesOf(reader, instrument) is [var first, ..] ? (long)first["eventTime"]! : long.MaxValue;
            foreach (var candle in LastCandles(reader, instrument).Where(candle => (long)candle["openTime"]! > began && !(bool)candle["complete"]!))
            {
                yield return candle.ToJsonString();
            }
        }
    }

    /// <summary>In order of their ids.</summary>
    private static List<JsonNode> TradesOf(TopicReader reader, string instrument) =>
        [.. reader.Of("md.trades").Where(record => record.Key == $"binance:{instrument}").Select(record => record.Json).OrderBy(trade => (long)trade["id"]!)];

    private static IEnumerable<IGrouping<string, TopicRecord>> CandlesOf(TopicReader reader, string instrument) =>
        reader.Of("md.candles").Where(record => record.Key.StartsWith($"binance:{instrument}:", StringComparison.Ordinal)).GroupBy(record => record.Key);

    /// <summary>The last word on each window that is over.</summary>
    private static IEnumerable<JsonNode> LastCandles(TopicReader reader, string instrument) =>
        CandlesOf(reader, instrument).Select(records => records.Select(record => record.Json).LastOrDefault(candle => (string)candle["state"]! != "forming"))
            .OfType<JsonNode>();

    /// <summary>
    /// As if nobody had interrupted: every window that is over has its candle, the sum of the trades of the log in each of its values, and
    /// it is complete unless its beginning was not seen, which is so of the first of each interval alone.
    /// </summary>
    private void AssertCandles(TopicReader reader, string instrument)
    {
        foreach (var records in CandlesOf(reader, instrument))
        {
            var states = records.Select(record => (string)record.Json["state"]!).ToList();
            Assert.DoesNotContain("forming", states.SkipWhile(state => state == "forming"));
            var told = records.Select(record => record.Json).Where(candle => (string)candle["state"]! != "forming");
            Assert.Equal(Enumerable.Range(0, told.Count()), told.Select(candle => (int)candle["revision"]!));
        }

        var trades = TradesOf(reader, instrument);
        var compared = 0;
        foreach (var candles in LastCandles(reader, instrument).GroupBy(candle => (string)candle["interval"]!))
        {
            var open = candles.ToDictionary(candle => (long)candle["openTime"]!);
            var length = (long)candles.First()["closeTime"]! - open.Keys.First();
            var windows = trades.ToLookup(trade => (long)trade["eventTime"]! - PositiveRest((long)trade["eventTime"]! - open.Keys.First(), length));
            Assert.Empty(windows.Select(window => window.Key).Where(one => one < open.Keys.Max()).Except(open.Keys));
            foreach (var (time, candle) in open)
            {
                var began = (long)trades[0]["eventTime"]!;
                Assert.Equal($"{candles.Key} {time} {FoldOf([.. windows[time]])} complete {time > began}", $"{candles.Key} {time} {Describe(candle)}");
                compared++;
            }
        }

        Assert.True(compared > 10, $"only {compared} candles");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{instrument}: {compared} candles equal their fold"));
    }

    private static long PositiveRest(long time, long length) => ((time % length) + length) % length;

    private static string FoldOf(List<JsonNode> trades)
    {
        // Below a minute a window without trades has no candle, and no minute passes without one.
        Assert.NotEmpty(trades);
        var prices = trades.Select(trade => Decimal(trade["price"]!)).ToList();
        return Line(
            prices[0], prices.Max(), prices.Min(), prices[^1], trades.Sum(Quantity), trades.Sum(trade => Decimal(trade["price"]!) * Quantity(trade)),
            trades.Where(trade => (string)trade["side"]! == "buy").Sum(Quantity), trades.Count, (long)trades[0]["id"]!, (long)trades[^1]["id"]!);

        static decimal Quantity(JsonNode trade) => Decimal(trade["quantity"]!);
    }

    private static string Describe(JsonNode candle) => Line(
        Decimal(candle["open"]!), Decimal(candle["high"]!), Decimal(candle["low"]!), Decimal(candle["close"]!), Decimal(candle["volume"]!),
        Decimal(candle["quoteVolume"]!), Decimal(candle["takerBuyVolume"]!), (long)candle["trades"]!, (long)candle["firstId"]!, (long)candle["lastId"]!)
        + $" complete {(bool)candle["complete"]!}";

    private static string Line(
        decimal open, decimal high, decimal low, decimal close, decimal volume, decimal quoteVolume, decimal takerBuyVolume, long trades, long firstId, long lastId) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"open {open:G29} high {high:G29} low {low:G29} close {close:G29} volume {volume:G29} quoteVolume {quoteVolume:G29} takerBuyVolume {takerBuyVolume:G29} trades {trades} ids {firstId}…{lastId}");

    private static decimal Decimal(JsonNode text) => decimal.Parse(text.ToString(), CultureInfo.InvariantCulture);
}
