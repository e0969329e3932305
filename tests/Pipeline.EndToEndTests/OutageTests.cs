using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>
/// The exchange or the way to it is gone for a while, during which the operator edits the list of instruments: data is back, of the new
/// list alone, and the log has one line for each end and one for each return. Ten minutes of it are proven in virtual time.
/// </summary>
public sealed partial class OutageTests(ITestOutputHelper output)
{
    private const string Before = "BTC-USDT, SOL-USDT";
    private const string After = "BTC-USDT, ETH-USDT";

    private static readonly string[] StreamsAfter = ["btcusdt@bookTicker", "btcusdt@trade", "ethusdt@bookTicker", "ethusdt@trade"];

    [Fact]
    public async Task ExchangeKilled_AndStartedAgain_IsFound_WithTheTopologyThatWasEditedMeanwhile()
    {
        // PIPELINE_OUTAGE makes it so many seconds.
        var seconds = LongForm.Number("PIPELINE_OUTAGE", 1);
        await using var stack = new LocalStack(
            BinanceStack.Venue(Before, "reconnectDelay: 250ms, maxReconnectDelay: 2s", "batchDelay: 10ms, cleanupPeriod: 500ms"),
            BinanceStack.Markets,
            partitions: BinanceStack.Partitions);
        await stack.StartBrokerAsync();
        var simulator = await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, BinanceStack.Partitions, "md.trades");
        var log = BinanceStack.Follow(reader);
        reader.ReadUntil(_ => log.Of(BinanceStack.Btc).Count > 500);
        var lines = collector.Lines.Count;
        var disconnects = await stack.CounterAsync("pipeline.feed.disconnects");

        simulator.Signal(PipelineProcess.SigKill);
        await simulator.WaitForExitAsync();
        var gone = StackControl.Now;
        await BinanceStack.EditAsync(stack, Before, After);
        await Task.Delay(TimeSpan.FromMicroseconds(Math.Max(0, (seconds * 1_000_000L) - (StackControl.Now - gone))));

        // Ids begin anew above those of before, as the exchange counts them by its clock: nothing is taken for a copy.
        await stack.StartSimulatorAsync();
        var lasted = await AssertIsBackAsync(stack, reader, log, collector, $"exchange killed for {seconds} s", gone, lines);
        var told = Told(collector, lines);
        Assert.Single(told, line => line.Contains("binance-1 lost (", StringComparison.Ordinal));
        Assert.Single(told, line => line.Contains("binance-1 open again (Lost): outage ", StringComparison.Ordinal));
        AssertNothingElse(told, 3);
        Assert.Equal(disconnects + 1, await stack.CounterAsync("pipeline.feed.disconnects"));
        Assert.InRange(Milliseconds(told, "open again (Lost)"), seconds * 1000, lasted.TotalMilliseconds);
    }

    [Fact]
    public async Task NetworkSwallowsEverything_AndIsRestored_IsFound_WithTheTopologyThatWasEditedMeanwhile()
    {
        // PIPELINE_OUTAGE makes it so many seconds. Longer than the silence of a busy connection at least, so that it is noticed.
        var seconds = Math.Max(4, LongForm.Number("PIPELINE_OUTAGE", 4));
        var port = FreePort.Next();
        await using var network = new Forwarder(port);
        await using var stack = new LocalStack(
            // An attempt that began just before the end hangs for its two seconds, and then a pause follows: below the bound of five.
            BinanceStack.Venue(
                Before,
                "reconnectDelay: 250ms, maxReconnectDelay: 1s, connectTimeout: 2s",
                "batchDelay: 10ms, cleanupPeriod: 500ms"),
            BinanceStack.Markets,
            partitions: BinanceStack.Partitions,
            venuePort: port,
            throughPort: network.Port);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, BinanceStack.Partitions, "md.trades");
        var log = BinanceStack.Follow(reader);

        // A connection is listened to for ten seconds before its silence means anything.
        reader.ReadUntil(_ => log.LastReceived(BinanceStack.Btc) - (log.Of(BinanceStack.Btc) is [var first, ..] ? first.Received : long.MaxValue) > 12_000_000);
        var lines = collector.Lines.Count;

        // Where the machine held it up for half a second it is not busy, and noticed only when requests stay unanswered.
        var isBusy = log.LongestSilence(BinanceStack.Btc).Length < TimeSpan.FromMilliseconds(400);

        // What the exchange does not know to be gone it keeps until no pong came for a minute.
        var forgotten = await new StackControl(stack).OpenAsync();
        network.Swallow();
        var gone = StackControl.Now;
        await Until.TrueAsync(() => Told(collector, lines).Count > 0, () => collector.Output);
        var noticed = StackControl.Now - gone;
        await BinanceStack.EditAsync(stack, Before, After);
        await Task.Delay(TimeSpan.FromMicroseconds(Math.Max(0, (seconds * 1_000_000L) - (StackControl.Now - gone))));
        network.Restore();
        var lasted = await AssertIsBackAsync(
            stack, reader, log, collector, string.Create(CultureInfo.InvariantCulture, $"network gone for {seconds} s, noticed after {noticed / 1e6:F2} s"), gone, lines, [.. forgotten]);
        var told = Told(collector, lines);
        Assert.InRange(noticed / 1e6, 0, isBusy ? 4 + (3 * Machine.Held(gone - 12_000_000, StackControl.Now).TotalSeconds) : 45);

        // One of each; another pair where the machine made a silence of its own.
        var suspected = told.Count(line => line.Contains("binance-1 suspected: ", StringComparison.Ordinal));
        Assert.InRange(suspected, 1, Machine.Held(gone, StackControl.Now) > TimeSpan.FromSeconds(1) ? 3 : 1);
        Assert.Equal(suspected, told.Count(line => line.Contains("binance-1 has data again (", StringComparison.Ordinal)));
        AssertNothingElse(told, 2 * suspected);
        Assert.InRange(Milliseconds(told, "has data again"), seconds * 1000, lasted.TotalMilliseconds);
    }

    /// <summary>Both pairs of the new list have data, and what left it is not asked for any more; tells when that was so, since the outage began.</summary>
    private async Task<TimeSpan> AssertIsBackAsync(
        LocalStack stack, TopicReader reader, TradeLog log, PipelineProcess collector, string what, long gone, int lines, params int[] forgotten)
    {
        var there = StackControl.Now;
        reader.ReadUntil(_ => BinanceStack.Busy.All(key => log.LastReceived(key) > there), TimeSpan.FromSeconds(30), () => collector.Output);
        var back = TimeSpan.FromMicroseconds(log.LongestSilence(BinanceStack.Btc, gone).End - there);
        var carried = new List<string>();
        await Until.TrueAsync(
            async () =>
            {
                carried = [.. (await stack.ConnectionsAsync()).AsArray().Where(one => !forgotten.Contains((int)one!["id"]!))
                    .SelectMany(one => one!["streams"]!.AsArray()).Select(name => (string)name!).Distinct().Order(StringComparer.Ordinal)];
                return carried.SequenceEqual(StreamsAfter);
            },
            () => $"{string.Join(' ', carried)}\n{collector.Output}");

        // A recovery is told once data is there: nothing more comes.
        await Until.TrueAsync(() => Told(collector, lines).Exists(line => line.Contains("has data again", StringComparison.Ordinal)), () => collector.Output);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {what}, topology edited | data {back.TotalSeconds:F2} s after it is there again; {log.Count} trades, {log.Faults.Count} doubled |"));
        Told(collector, lines).ForEach(output.WriteLine);
        var held = Machine.Held(there, StackControl.Now);
        Assert.True(back < TimeSpan.FromSeconds(6) + (3 * held), $"back after {back}; the machine held up {held}");
        Assert.Empty(log.Faults);
        Assert.False(collector.HasExited);
        return TimeSpan.FromMicroseconds(StackControl.Now - gone);
    }

    /// <summary>Beside these, two lines of the connection that what joined was put on: that it cannot be opened, and that it is open.</summary>
    private static void AssertNothingElse(List<string> told, int ofTheOutage)
    {
        Assert.Equal(ofTheOutage, told.Count(line => line.Contains(" binance-1 ", StringComparison.Ordinal)));
        Assert.InRange(told.Count, ofTheOutage, ofTheOutage + 2);
    }

    /// <summary>What was said of connections since.</summary>
    private static List<string> Told(PipelineProcess collector, int since) =>
        [.. collector.Lines.Skip(since).Where(line => ConnectionName().IsMatch(line))];

    private static double Milliseconds(List<string> told, string what) => double.Parse(
        Duration().Match(told.First(line => line.Contains("binance-1 " + what, StringComparison.Ordinal))).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"collector: binance-\d ")]
    private static partial Regex ConnectionName();

    [GeneratedRegex(@"(\d+) ms")]
    private static partial Regex Duration();
}
