using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>What a stream leaves out is fetched: the topic has every trade that the exchange made.</summary>
public sealed class TradeRepairTests(ITestOutputHelper output)
{
    [Fact]
    public async Task StreamThatLosesFrames_IsWholeOnTheTopic()
    {
        await using var stack = new LocalStack(TwoMarkets.Venue(), TwoMarkets.Simulator(60), rest: true);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        var control = new StackControl(stack);
        var ids = new Dictionary<string, List<(long Id, string Source)>> { ["binance:BTC-USDT"] = [], ["binance:ETH-USDT"] = [] };
        var (bitcoin, ether) = (ids["binance:BTC-USDT"], ids["binance:ETH-USDT"]);
        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.trades");
        reader.Sink = record =>
        {
            if (ids.TryGetValue(record.Key, out var of))
            {
                of.Add(((long)record.Json["id"]!, (string)record.Json["source"]!));
            }
        };
        reader.ReadUntil(_ => bitcoin.Count > 100 && ether.Count > 100);
        for (var round = 0; round < 3; round++)
        {
            await control.FaultAsync("""{"id":"F41","venue":"binance","stream":"btcusdt@trade"}""");
            var muted = ether.Count;
            reader.ReadUntil(_ => ether.Count > muted + 60);
            await control.EndFaultsAsync();
            var heard = bitcoin.Count;
            reader.ReadUntil(_ => bitcoin.Count > heard + 100);
        }

        var last = bitcoin.Max(one => one.Id);
        reader.ReadUntil(_ => bitcoin.Count(one => one.Id <= last) == last - bitcoin[0].Id + 1);
        var truth = (await stack.TruthAsync("binance", "BTCUSDT", bitcoin[0].Id)).Select(trade => (long)trade!["id"]!).Where(id => id <= last);
        Assert.Equal(truth, bitcoin.Select(one => one.Id).Where(id => id <= last).Order());
        var live = bitcoin.Where(one => one.Source == "live").Select(one => one.Id).ToList();
        Assert.Equal(live.Order(), live);
        Assert.All(ether, one => Assert.Equal("live", one.Source));

        var repaired = bitcoin.Count(one => one.Source == "repair");

        // The ledger has it closed once what was fetched is acknowledged.
        await Until.TrueAsync(async () => await stack.CounterAsync("pipeline.gaps.open") == 0);
        var holes = await stack.CounterAsync("pipeline.gaps.closed");
        output.WriteLine($"{repaired} of {bitcoin.Count} trades were missing in {holes} holes and were fetched");
        Assert.InRange(repaired, 10, bitcoin.Count);
        Assert.InRange(holes, 1, 100);
    }
}
