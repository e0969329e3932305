using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Pipeline.Core.Topology;
using Pipeline.Host.Status;
using Pipeline.Host.Verifying;
using Pipeline.Kafka.Verification;
using Pipeline.Tests.Kafka;
using Pipeline.Tests.Kafka.Verification;
using Xunit.Abstractions;

namespace Pipeline.Tests.Host.Verifying;

/// <summary>Reading from the embedded broker into the proofs.</summary>
public sealed class VerifyRunTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Topic_IsReadWhole_AndItsSpeedIsPrinted()
    {
        const int Each = 10_000;
        await using var broker = BrokerHarness.Start();
        await ProduceAsync(broker, [0, 1, 2, 3], Each);
        var (proof, progress) = await RunAsync(broker, follow: false);
        Assert.Empty(proof.Findings.Kept);
        Assert.Equal((4 * Each, 4), (proof.Counts.Ids, proof.Instruments));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"verify: {progress.PerSecond:#,0} records/s from the embedded broker, connecting included"));
    }

    [Fact]
    public async Task Topic_WhoseStartTheBrokerLetGo_CannotBeProven()
    {
        await using var broker = BrokerHarness.Start();
        await ProduceAsync(broker, [2], 30_000);
        var (proof, _) = await RunAsync(broker, follow: false);
        var finding = Assert.Single(proof.Findings.Kept);
        Assert.Equal((FindingKind.DeletedBeforeRead, "md.trades", 2), (finding.Kind, finding.Topic, finding.Partition));
        Assert.Contains("offsets 0 to ", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Following_EndsWhenNothingCame_WithEverythingRead()
    {
        await using var broker = BrokerHarness.Start();
        await ProduceAsync(broker, [1], 500);
        var (proof, _) = await RunAsync(broker, follow: true);
        Assert.Empty(proof.Findings.Kept);
        Assert.Equal(500, proof.Counts.Ids);
    }

    [Fact]
    public async Task Topics_OfWhichNothingWasRead_ProveNothingAndSayWhatToDo()
    {
        await using var broker = BrokerHarness.Start();
        var (proof, _) = await RunAsync(broker, follow: false);
        var finding = Assert.Single(proof.Findings.Kept);
        Assert.Equal((FindingKind.NothingRead, FindingSeverity.CannotProve), (finding.Kind, finding.Severity));
        Assert.Equal(3, VerifyResult.ExitCodeOf(proof.Findings));
        Assert.Contains("kafka.topicPrefix", finding.What, StringComparison.Ordinal);
        Assert.Contains("has the collector written yet", finding.What, StringComparison.Ordinal);
    }

    private static async Task ProduceAsync(BrokerHarness broker, int[] partitions, int each)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = broker.Options.BootstrapServers, QueueBufferingMaxMessages = 200_000 }).Build();
        for (var id = ProofLog.FirstId; id < ProofLog.FirstId + each; id++)
        {
            foreach (var partition in partitions)
            {
                var json = ProofLog.TradeJson(id).Replace("BTC-USDT", $"C{partition}-USDT", StringComparison.Ordinal);
                producer.Produce(new TopicPartition("md.trades", partition), new Message<byte[], byte[]>
                {
                    Key = Encoding.UTF8.GetBytes($"binance:C{partition}-USDT"),
                    Value = Encoding.UTF8.GetBytes(json),
                    Headers = new Headers { { "schema", "trade/1"u8.ToArray() }, { "epoch", "0"u8.ToArray() } },
                });
            }
        }

        await Task.Factory.StartNew(() => producer.Flush(broker.Cancellation), TaskCreationOptions.LongRunning);
    }

    private static async Task<(LogProof Proof, VerifyProgress Progress)> RunAsync(BrokerHarness broker, bool follow)
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, IsInteractive: false, HasColour: false);
        var settings = new VerifySettings { Candles = false, Follow = follow, UntilIdle = follow ? TimeSpan.FromMilliseconds(500) : null };
        var progress = new VerifyProgress(terminal, TimeProvider.System);
        var proof = new LogProof(new ProofOptions { Candles = false }, new FindingLog()) { MayBeCompacted = false };
        var run = new VerifyRun(broker.Options, settings, new RuleBook(new TopologyFile()), progress, TimeProvider.System);
        await run.RunAsync(proof, broker.Cancellation);
        return (proof, progress);
    }
}
