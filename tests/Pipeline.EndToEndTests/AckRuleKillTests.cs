using System.Globalization;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>
/// Kills between the records that wait for one another: behind <c>gap open</c>, behind the first trade after it, behind a fetched trade,
/// behind <c>gap repaired</c>, behind the candle that is told anew, and behind a checkpoint's marker. Whatever was next is not in the log
/// then, and the one that starts again sees to it.
/// </summary>
public sealed class AckRuleKillTests(ITestOutputHelper output)
{
    private const int Partitions = 4;

    // Trades that the stream leaves out.
    private const int Lost = 7;
    private const string Key = "binance:BTC-USDT";

    private const string Restart = """
        restart: {checkpointInterval: 1s}
        """;

    private static readonly (string What, Func<TopicRecord, long, bool> IsIt)[] Moments =
    [
        ("gap open", (record, _) => record.Topic == "md.gaps" && State(record) == "open" && (string)record.Json["reason"]! == "stream"),
        ("first later trade", (record, toId) => record.Topic == "md.trades" && (string)record.Json["source"]! == "live" && (long)record.Json["id"]! > toId),
        ("fetched trade", (record, toId) => record.Topic == "md.trades" && (string)record.Json["source"]! == "repair" && toId - (long)record.Json["id"]! is >= 0 and < Lost),
        ("gap repaired", (record, toId) => record.Topic == "md.gaps" && State(record) == "repaired" && (long)record.Json["toId"]! == toId),
        ("final candle behind the hole", (record, _) => record.Topic == "md.candles" && State(record) is "final" or "revised"),
        ("marker", (record, _) => record.Topic == "md.state" && record.Key.StartsWith("#p", StringComparison.Ordinal)),
    ];

    [Fact]
    public async Task KilledBetweenRecordsThatWaitForOneAnother_NothingIsLostOrToldTwice()
    {
        // PIPELINE_ACK_KILLS makes it so many rounds of six.
        var rounds = LongForm.Number("PIPELINE_ACK_KILLS", 1);
        await using var stack = new LocalStack(TwoMarkets.Venue(), TwoMarkets.Simulator(60), Restart, Partitions, rest: true);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var proof = Proof.Begin(stack, $"--against {stack.Control}");
        var control = new StackControl(stack);
        using var reader = new TopicReader(stack.BootstrapServers, Partitions, "md.trades", "md.candles", "md.gaps", "md.state");
        for (var kill = 0; kill < rounds * Moments.Length; kill++)
        {
            await KillAsync(stack, control, reader, kill % Moments.Length);
        }

        var last = await stack.StartCollectorAsync();

        // The one after a restart may be open yet; behind it live trades come again.
        var (since, read) = (StackControl.Now, reader.Records.Count);
        reader.ReadUntil(r => LiveIn(r, read, since) > 300, explain: () => last.Output);
        reader.ReadUntil(r => OpenGaps(r).Count == 0, explain: () => last.Output);
        last.Signal(PipelineProcess.SigInt);
        Assert.True(await last.WaitForExitAsync() == 0, last.Output);
        reader.ReadRest();
        var said = await proof.EndAsync();
        Assert.True((string)said["result"]! == "proven", $"{said["kinds"]!.ToJsonString()}\n{said["findings"]!.ToJsonString()}");
        Assert.Equal((long)said["counts"]!["ids"]!, (long)said["counts"]!["compared"]!);
        var gaps = reader.Of("md.gaps").GroupBy(gap => gap.Key).Select(gap => State(gap.Last())).ToList();
        Assert.All(gaps, state => Assert.Equal("repaired", state));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds * Moments.Length} kills: {said["result"]}, {said["counts"]!["tradeRecords"]} trades, {gaps.Count} holes all repaired, {said["counts"]!["candlesEqual"]} candles equal"));
    }

    private async Task KillAsync(LocalStack stack, StackControl control, TopicReader reader, int moment)
    {
        var collector = await stack.StartCollectorAsync();
        var (since, read) = (StackControl.Now, reader.Records.Count);
        reader.ReadUntil(r => LiveIn(r, read, since) > 120, explain: () => collector.Output);

        // While REST fails the hole is announced, trades behind it go on, and it is filled later.
        await control.FaultAsync("""{"id":"F45","venue":"binance","for":"1500ms","parameters":{"status":"500","path":"*trades*"}}""");
        await control.FaultAsync($$"""{"id":"F41","venue":"binance","stream":"btcusdt@trade","count":{{Lost}}}""");
        var fault = reader.Records.Count;
        for (var step = 0; step <= moment; step++)
        {
            var (what, isIt) = Moments[step];

            // Topics are read side by side: what was written first need not be read first. Of candles and markers there are always some.
            var from = step >= 4 ? reader.Records.Count : fault;
            var toId = step == 0 ? 0 : (long)reader.Records.Skip(fault).First(record => Moments[0].IsIt(record, 0)).Json["toId"]!;
            reader.ReadUntil(r => Find(r, from, step, record => isIt(record, toId)), explain: () => $"no {what}: {collector.Output}");
        }

        collector.Signal(PipelineProcess.SigKill);
        await collector.WaitForExitAsync();
        await control.EndFaultsAsync();
        output.WriteLine($"killed behind: {Moments[moment].What}");
    }

    private static bool Find(TopicReader reader, int from, int step, Func<TopicRecord, bool> isIt) =>
        reader.Records.Skip(from).Any(record => (step == 5 || record.Key.StartsWith(Key, StringComparison.Ordinal)) && isIt(record));

    private static int LiveIn(TopicReader reader, int read, long since) =>
        reader.Records.Skip(read).Count(record => record is { Topic: "md.trades", Key: Key } && (string)record.Json["source"]! == "live" && (long)record.Json["receivedTime"]! > since);

    private static List<string> OpenGaps(TopicReader reader) =>
        [.. reader.Of("md.gaps").GroupBy(gap => gap.Key).Where(gap => State(gap.Last()) == "open").Select(gap => gap.Key)];

    private static string State(TopicRecord record) => (string)record.Json["state"]!;
}
