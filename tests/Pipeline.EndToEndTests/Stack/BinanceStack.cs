namespace Pipeline.EndToEndTests.Stack;

/// <summary>The stack that tests of the connection layer share: a simulated Binance, whose trades are read from the topic.</summary>
internal static class BinanceStack
{
    public const int Partitions = 4;

    public const string Btc = "binance:BTC-USDT";

    public const string Eth = "binance:ETH-USDT";

    public static readonly string[] Busy = [Btc, Eth];

    /// <summary>Two busy pairs, and one that trades about once an hour.</summary>
    public const string Markets = """
        tradesPerSecond: 80
        quotesPerSecond: 40
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
          ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
          SOL-USDT: {price: 150.10, priceStep: 0.01, quantityStep: 0.001, tradesPerSecond: 0.0003, quotesPerSecond: 0}
        """;

    /// <summary>The venue's section of the topology.</summary>
    public static string Venue(string instruments, string webSocket, string pool, int legs = 1) => $$"""
        instruments: [{{instruments}}]
        channels: [trade, quote]
        tradeSource: trade
        legs: {{legs}}
        websocket: {{{webSocket}}}
        pool: {{{pool}}}
        """;

    /// <summary>Starts everything, and reads the trades.</summary>
    public static async Task<TopicReader> StartAsync(LocalStack stack)
    {
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        return new TopicReader(stack.BootstrapServers, Partitions, "md.trades");
    }

    public static TradeLog Follow(TopicReader reader)
    {
        var log = new TradeLog();
        reader.Sink = log.Add;
        return log;
    }

    /// <summary>Has the collector take another list of instruments.</summary>
    public static async Task EditAsync(LocalStack stack, string from, string to)
    {
        var topology = await File.ReadAllTextAsync(stack.TopologyPath);
        Assert.Contains($"instruments: [{from}]", topology, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            stack.TopologyPath, topology.Replace($"instruments: [{from}]", $"instruments: [{to}]", StringComparison.Ordinal));
        await new StackControl(stack).ReloadAsync();
    }

    /// <summary>Every trade of the busy pairs that the exchange made since the first that was read is on the topic once; tells how many.</summary>
    public static async Task<long> AssertIsTheTruthAsync(LocalStack stack, TopicReader reader, TradeLog log)
    {
        var compared = 0L;
        var last = await stack.LastTradeIdsAsync();
        reader.ReadUntil(_ => Busy.All(key => log.Last(key) >= last[key]));
        Assert.Empty(log.Faults);
        foreach (var key in Busy)
        {
            Assert.Equal(0, log.Missing(key));
            var symbol = key.Replace("binance:", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
            var made = new List<long>();
            for (var next = log.Of(key)[0].Id; next <= last[key]; next = made[^1] + 1)
            {
                made.AddRange((await stack.TruthAsync("binance", symbol, next)).Select(trade => (long)trade!["id"]!));
            }

            Assert.Equal(made.Where(id => id <= last[key]), log.Of(key).Select(trade => trade.Id).Where(id => id <= last[key]));
            compared += made.Count;
        }

        return compared;
    }
}
