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

        last.Signal(PipelineProcess.SigInt);
        Assert.True(await last.WaitForExitAsync() == 0, last.Output);
        reader.ReadRest();
        Assert.Contains("restored", last.Output, StringComparison.Ordinal);
        foreach (var instrument in new[] { "BTC-USDT", "ETH-USDT" })
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
            compared++;
        }

        Assert.Equal(trades.Count, compared);
        var gaps = reader.Of("md.gaps").Where(record => record.Key.StartsWith($"binance:{instrument}:", StringComparison.Ordinal)).ToList();
        Assert.All(gaps.GroupBy(gap => gap.Key), records => Assert.NotEqual("open", (string)records.Last().Json["state"]!));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{instrument}: {trades.Count} trades, {trades.Count - live.Count} repaired, {gaps.Count} gap records"));
    }

    private void AssertCandles(TopicReader reader, string instrument)
    {
        var trades = reader.Of("md.trades").Where(record => record.Key == $"binance:{instrument}").Select(record => record.Json)
            .OrderBy(trade => (long)trade["id"]!).ToList();
        var candles = reader.Of("md.candles").Where(record => record.Key.StartsWith($"binance:{instrument}:", StringComparison.Ordinal)).ToList();
        var compared = 0;
        foreach (var records in candles.GroupBy(record => record.Key))
        {
            var told = records.Select(record => record.Json).Where(candle => (string)candle["state"]! != "forming").ToList();
            Assert.Equal(Enumerable.Range(0, told.Count), told.Select(candle => (int)candle["revision"]!));
            var states = records.Select(record => (string)record.Json["state"]!).ToList();
            Assert.DoesNotContain("forming", states.SkipWhile(state => state == "forming"));
            if (told.Count == 0 || !(bool)told[^1]["complete"]!)
            {
                continue;
            }

            var candle = told[^1];
            var window = trades.Where(trade => (long)trade["eventTime"]! >= (long)candle["openTime"]! && (long)trade["eventTime"]! < (long)candle["closeTime"]!)
                .ToList();
            Assert.Equal(window.Count, (long)candle["trades"]!);
            Assert.Equal(window.Sum(trade => Decimal(trade["quantity"]!)), Decimal(candle["volume"]!));
            if (window.Count > 0)
            {
                Assert.Equal(Decimal(window[0]["price"]!), Decimal(candle["open"]!));
                Assert.Equal(Decimal(window[^1]["price"]!), Decimal(candle["close"]!));
                Assert.Equal(window.Max(trade => Decimal(trade["price"]!)), Decimal(candle["high"]!));
            }

            compared++;
        }

        Assert.True(compared > 10, $"only {compared} candles");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{instrument}: {compared} candles equal their fold"));
    }

    private static decimal Decimal(JsonNode text) => decimal.Parse(text.ToString(), CultureInfo.InvariantCulture);
}
