using System.Globalization;
using Pipeline.EndToEndTests.Load;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>Two gateways over one log, and clients that go from one to the other while the market goes on.</summary>
[Collection(Measured.Name)]
public sealed class GatewayMoveTests(ITestOutputHelper output)
{
    private const int Clients = 200;
    private const int TradesPerSecond = 30;

    private static readonly string[] Instruments = ["BTC-USDT", "ETH-USDT"];

    private static readonly string[] Streams = [.. Instruments.SelectMany(one => new[] { $"binance:{one}:trade", $"binance:{one}:candle:1s" })];

    private readonly int _one = FreePort.Next();
    private readonly int _other = FreePort.Next();

    [Fact]
    public async Task KilledUnderLoad_ClientsGoOnAtTheOtherAndComeBack_WithTheSameSeq_NothingMissingAndNothingTwice()
    {
        await using var stack = LocalStack.OfGateway(_one);
        await stack.StartBrokerAsync();
        using var feed = new TradeFeed(stack.BootstrapServers);
        await feed.NameLogAsync("load-1");
        var gateways = await Task.WhenAll(stack.StartGatewayAsync(_one), stack.StartGatewayBesideAsync(_one, _other));
        using var ending = new CancellationTokenSource();
        var writing = feed.WriteMarketAsync(Instruments, TradesPerSecond, ending.Token);
        await using var clients = new MovingSwarm(Clients, Streams);
        var (here, there) = (clients.All.Take(Clients / 2).ToList(), clients.All.Skip(Clients / 2).ToList());
        await MovingSwarm.MoveAsync(here, _one);
        await MovingSwarm.MoveAsync(there, _other);
        await clients.UntilAllAsync(trail => trail.SinceMove > 0);

        gateways[0].Signal(PipelineProcess.SigKill);
        await gateways[0].WaitForExitAsync();
        await MovingSwarm.MoveAsync(here, _other);
        await clients.UntilAllAsync(trail => trail.SinceMove > 0);
        await stack.StartGatewayAsync(_one);
        await MovingSwarm.MoveAsync(clients.All.Where((_, i) => i % 2 == 0), _one);
        await clients.UntilAllAsync(trail => trail.SinceMove > 5);

        await ending.CancelAsync();
        var written = await writing;
        feed.Flush();
        var log = ReadLog(stack, written);
        await clients.UntilAllAsync(trail => trail.LastSeq >= log[trail.Stream][^1].Seq);
        AssertIsLog(clients, log);
        AssertSameSeq(clients);
        Assert.All(here, one => Assert.InRange(one.Resumed, 1, int.MaxValue));
        Print($"{Clients} clients, {written} records, {clients.All.Sum(one => one.Trails.Sum(trail => trail.Records.Count))} trades and final candles delivered; {clients.All.Sum(one => one.Resumed)} resumed, {clients.Returned} of them after being cut");
    }

    /// <summary>Trades and final candles of the log by stream, as a foreign reader has them.</summary>
    private static Dictionary<string, List<TrailRecord>> ReadLog(LocalStack stack, int records)
    {
        using var reader = new TopicReader(stack.BootstrapServers, TradeFeed.Partitions, "md.trades", "md.candles");
        reader.ReadUntil(one => one.Records.Count >= records);
        return reader.Records
            .Where(one => one.Topic == "md.trades" || one.Value.AsSpan().IndexOf("\"state\":\"final\""u8) >= 0)
            .GroupBy(one => one.Topic == "md.trades" ? $"{one.Key}:trade" : one.Key[..one.Key.LastIndexOf(':')].Replace(":1s", ":candle:1s", StringComparison.Ordinal))
            .ToDictionary(group => group.Key, group => group.Select(one => new TrailRecord(one.Offset, Trail.IdOf(one.Value), 0)).ToList());
    }

    /// <summary>From the first that each client has: what the log has, in its order, each once, under the offset that it has there.</summary>
    private static void AssertIsLog(MovingSwarm clients, Dictionary<string, List<TrailRecord>> log)
    {
        Assert.Equal(Streams.Order(), log.Keys.Order());
        foreach (var client in clients.All)
        {
            Assert.Equal("", string.Join(Environment.NewLine, client.Faults));
            Assert.Equal(["load-1"], client.Epochs);
            foreach (var trail in client.Trails)
            {
                Assert.Equal("", string.Join(Environment.NewLine, trail.Faults));
                Assert.Equal(
                    log[trail.Stream].Where(one => one.Seq >= trail.Records[0].Seq), trail.Records.Select(one => one with { Port = 0 }));
            }
        }
    }

    /// <summary>What both have sent bears the same number at both, and they have sent a good deal both.</summary>
    private void AssertSameSeq(MovingSwarm clients)
    {
        foreach (var stream in Streams)
        {
            var sent = clients.All.SelectMany(one => one.Trails).Where(one => one.Stream == stream).SelectMany(one => one.Records).ToHashSet();
            var one = sent.Where(record => record.Port == _one).ToDictionary(record => record.Id, record => record.Seq);
            var other = sent.Where(record => record.Port == _other).ToDictionary(record => record.Id, record => record.Seq);
            var both = one.Keys.Intersect(other.Keys).ToList();
            Assert.InRange(both.Count, 5, int.MaxValue);
            Assert.All(both, id => Assert.Equal(one[id], other[id]));
        }
    }

    private void Print(FormattableString text) => output.WriteLine($"| {text.ToString(CultureInfo.InvariantCulture)} |");
}
