using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>The same streams over two connections, one of which is cut at a time.</summary>
public sealed class LegTests(ITestOutputHelper output)
{
    [Fact]
    public async Task OneOfTwoLegs_CutInTurn_LosesNothing()
    {
        // PIPELINE_LEGS makes it so many seconds, with a cut every ten; the short form cuts more often.
        var seconds = LongForm.Number("PIPELINE_LEGS", 16);
        var every = seconds < 60 ? 4 : 10;
        await using var stack = new LocalStack(
            BinanceStack.Venue("BTC-USDT, ETH-USDT, SOL-USDT", "stallTimeout: 30s", "batchDelay: 10ms", legs: 2),
            BinanceStack.Markets,
            partitions: BinanceStack.Partitions);
        var control = new StackControl(stack);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, BinanceStack.Partitions, "md.trades");
        var log = BinanceStack.Follow(reader);
        reader.ReadUntil(_ => BinanceStack.Busy.All(key => log.Of(key).Count > 500));
        await BothCarryEverythingAsync(stack);
        var legs = await control.OpenAsync();
        var (lines, since) = (collector.Lines.Count, StackControl.Now);

        var cuts = 0;
        for (; cuts < seconds / every; cuts++)
        {
            // The next cut is the other one's, long after this one carries everything again.
            var cut = legs[cuts % 2];
            await stack.PostAsync($"/connections/{cut}/abort");
            await Until.TrueAsync(async () => !(await control.OpenAsync()).Contains(cut));
            await BothCarryEverythingAsync(stack);
            legs[cuts % 2] = (await control.OpenAsync()).Except(legs).Single();
            var next = since + ((cuts + 1) * every * 1_000_000L);
            reader.ReadUntil(_ => StackControl.Now > next && BinanceStack.Busy.All(key => log.LastReceived(key) > next));
        }

        var silence = BinanceStack.Busy.Max(key => log.LongestSilence(key, since).Length);
        var own = BinanceStack.Busy.Max(key => log.LongestOwnSilence(key, since));
        var compared = await BinanceStack.AssertIsTheTruthAsync(stack, reader, log);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| one of two legs cut {cuts} times, every {every} s | {compared} trades, 0 lost, 0 doubled, longest silence {silence.TotalMilliseconds:F0} ms, without what the machine held up {own.TotalMilliseconds:F0} ms |"));

        // What a leg did not get while it was cut is no loss of it. Twenty frames that it should have had are.
        await control.FaultAsync($$"""{"id":"F41","connection":{{legs[0]}},"stream":"btcusdt@trade","count":20}""");
        var figures = new JsonArray();
        await Until.TrueAsync(
            async () =>
            {
                figures = (await stack.StatisticsAsync())["legs"]!.AsArray();
                return figures.Sum(leg => (long)leg!["losses"]!) >= 20;
            },
            () => figures.ToJsonString());
        foreach (var leg in figures)
        {
            output.WriteLine(
                $"| {leg!["connection"]} | won {leg["wins"]}, lost {leg["losses"]}, ahead by {leg["leadP50"]} µs (median), {leg["leadP99"]} µs (99 %) |");
        }

        // A leg that is opened again takes a second and more.
        Assert.True(own < TimeSpan.FromMilliseconds(700), $"silent for {silence}, without what the machine held up for {own}");
        Assert.Equal(0, await stack.CounterAsync("pipeline.sequence.holes"));
        Assert.Equal(["binance-1a", "binance-1b"], figures.Select(leg => (string)leg!["connection"]!));
        Assert.All(figures, leg => Assert.True((long)leg!["wins"]! > 100, leg.ToJsonString()));
        Assert.Equal([0L, 20L], figures.Select(leg => (long)leg!["losses"]!).Order());
        Assert.Empty(log.Faults);
        await BinanceStack.AssertIsTheTruthAsync(stack, reader, log);

        // Every end and every return is told, of the leg it happened to.
        var told = collector.Lines.Skip(lines).ToList();
        foreach (var leg in new[] { "binance-1a", "binance-1b" })
        {
            var times = told.Count(line => line.Contains($"{leg} lost (Aborted)", StringComparison.Ordinal));
            Assert.Equal(times, told.Count(line => line.Contains($"{leg} open again (Lost): outage ", StringComparison.Ordinal)));
            Assert.InRange(times, cuts / 2, (cuts + 1) / 2);
        }
    }

    private static async Task BothCarryEverythingAsync(LocalStack stack) => await Until.TrueAsync(async () =>
        (await stack.ConnectionsAsync()).AsArray() is { Count: 2 } open && open.All(one => ((JsonArray)one!["streams"]!).Count == 6));
}
