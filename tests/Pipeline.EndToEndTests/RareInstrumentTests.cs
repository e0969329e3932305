using System.Globalization;
using System.Text;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>
/// An instrument that traded once, long ago, in a partition with busy ones: its only record lies far behind what a restart reads, and what
/// the collector knew of it is known after a kill.
/// </summary>
public sealed class RareInstrumentTests(ITestOutputHelper output)
{
    private const string Rare = "binance:XRP-USDT";

    private const string Venue = """
        instruments: [BTC-USDT, ETH-USDT, XRP-USDT]
        channels: [trade]
        tradeSource: trade
        """;

    // The market of the rare one stands still: its trades are the frames that the test sends.
    private const string Simulator = """
        tradesPerSecond: 700
        quotesPerSecond: 0
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
          ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
          XRP-USDT: {price: 2.1845, priceStep: 0.0001, quantityStep: 0.1, tradesPerSecond: 0}
        """;

    // Without a state of its own the instrument would be lost: nobody reads back that far.
    private const string Restart = """
        restart: {checkpointInterval: 2s, lookback: 1000}
        """;

    [Fact]
    public async Task OneTradeThenManyOfOthers_KilledAndRestarted_GoesOnWithTheNextId()
    {
        // PIPELINE_RARE makes it so many trades of others.
        var others = LongForm.Number("PIPELINE_RARE", 20_000);
        await using var stack = new LocalStack(Venue, Simulator, Restart, partitions: 1, rest: true);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, 1, "md.trades", "md.candles", "md.gaps");
        var (trades, first) = (0, await stack.StartCollectorAsync());
        reader.Sink = record =>
        {
            trades += record.Topic == "md.trades" ? 1 : 0;
            if (record.Key.StartsWith(Rare, StringComparison.Ordinal))
            {
                reader.Records.Add(record);
            }
        };
        reader.ReadUntil(_ => trades > 500, explain: () => first.Output);
        await SendAsync(stack, 7_001, "2.1840", "10");
        reader.ReadUntil(r => r.Of("md.trades").Any(), explain: () => first.Output);
        var before = trades;
        reader.ReadUntil(_ => trades >= before + others, TimeSpan.FromSeconds(60 + (others / 200.0)), () => first.Output);
        var between = trades - before;
        first.Signal(PipelineProcess.SigKill);
        await first.WaitForExitAsync();

        var second = await stack.StartCollectorAsync();
        var restarted = trades;
        reader.ReadUntil(_ => trades > restarted + 500, explain: () => second.Output);
        await SendAsync(stack, 7_001, "2.1840", "10");
        await SendAsync(stack, 7_002, "2.1850", "5");
        reader.ReadUntil(r => r.Of("md.trades").Count() >= 2, explain: () => second.Output);
        var duplicates = await stack.CounterAsync("pipeline.graph.dropped");
        second.Signal(PipelineProcess.SigInt);
        Assert.True(await second.WaitForExitAsync() == 0, second.Output);
        reader.ReadUntil(r => r.Of("md.candles").Any(candle => IsOfBoth(candle, "1d")), explain: () => second.Output);
        AssertExact(reader);
        Assert.True(duplicates >= 1, "the copy was not dropped");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{between} trades of others in between; then id 7002 followed on 7001 without a hole, its copy was dropped, and the day's candle has both"));
    }

    private static void AssertExact(TopicReader reader)
    {
        Assert.Equal([7_001, 7_002], reader.Of("md.trades").Select(record => (long)record.Json["id"]!));
        Assert.All(reader.Of("md.trades"), record => Assert.Equal("live", (string)record.Json["source"]!));
        Assert.Empty(reader.Of("md.gaps"));
        var day = reader.Of("md.candles").Last(candle => IsOfBoth(candle, "1d")).Json;
        Assert.Equal((2.184m, 2.185m, 15m), (Decimal(day["open"]!), Decimal(day["close"]!), Decimal(day["volume"]!)));
        Assert.Equal((7_001, 7_002), ((long)day["firstId"]!, (long)day["lastId"]!));

        // One final per window, revisions rising: nothing was told twice by the second process.
        foreach (var records in reader.Of("md.candles").GroupBy(record => record.Key))
        {
            var told = records.Where(record => (string)record.Json["state"]! != "forming").Select(record => (int)record.Json["revision"]!).ToList();
            Assert.Equal(Enumerable.Range(0, told.Count), told);
        }
    }

    private static bool IsOfBoth(TopicRecord candle, string interval) => (string)candle.Json["interval"]! == interval && (long)candle.Json["trades"]! == 2;

    private static decimal Decimal(System.Text.Json.Nodes.JsonNode text) => decimal.Parse(text.ToString(), CultureInfo.InvariantCulture);

    /// <summary>A trade of now, as the venue's stream brings it.</summary>
    private static Task SendAsync(LocalStack stack, long id, string price, string quantity)
    {
        var now = StackControl.Now / 1_000;
        return stack.SendFrameAsync(Encoding.UTF8.GetBytes(
            $$$"""{"stream":"xrpusdt@trade","data":{"e":"trade","E":{{{now}}},"s":"XRPUSDT","t":{{{id}}},"p":"{{{price}}}","q":"{{{quantity}}}","T":{{{now}}},"m":true,"M":true}}"""));
    }
}
