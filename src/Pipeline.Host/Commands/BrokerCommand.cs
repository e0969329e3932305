using System.CommandLine;
using System.Globalization;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Kafka.Embedded;
using Pipeline.Kafka.Topics;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline broker</c>: the embedded broker as a process of its own, so that it outlives a collector that dies.</summary>
internal static class BrokerCommand
{
    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var prefixes = new Option<string[]>("--also-prefix") { Description = "Make the topics under this prefix too, for pipeline replay --prefix", HelpName = "PREFIX" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Say only what goes wrong" };
        var command = new PipelineCommand(
            "broker",
            "Run the embedded Kafka broker: in memory, on a fixed port, with the topology's topics. For local use and tests.",
            "pipeline broker",
            "pipeline broker --also-prefix again",
            "pipeline broker --topology topology/recorded.yaml")
        {
            topology, prefixes, quiet,
        };
        command.SetAction((parsed, cancellation) => TopologyOption.Load(context, parsed.GetValue(topology)) is { } file
            ? RunAsync(
                context,
                file,
                parsed.GetValue(prefixes) ?? [],
                new StatusTable(context.Terminal, context.Time, QuietOption.Of(parsed, quiet)),
                cancellation)
            : Task.FromResult(ExitCodes.Invalid));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, TopologyFile file, IReadOnlyList<string> prefixes, StatusTable table, CancellationToken cancellation)
    {
        if (!file.Kafka.Embedded)
        {
            context.Terminal.Fail($"{file.Path} uses the brokers {file.Kafka.BootstrapServers}; set kafka.embedded: true to run one here.");
            return ExitCodes.Invalid;
        }

        // The reader allows one address only where the broker is embedded.
        var address = new Uri($"tcp://{file.Kafka.BootstrapServers}");
        var listen = address.Host == "localhost" ? "127.0.0.1" : address.Host;
        await using var broker = EmbeddedBroker.Start(
            new EmbeddedBrokerOptions { Address = listen, Port = address.Port, AdvertisedHost = address.Host, OtherPrefixes = prefixes },
            file.Kafka,
            context.Time);
        var topics = TopicCatalog.Of(file.Kafka).All;
        table.Note($"broker ready on {broker.BootstrapServers}: {topics.Count} topics of {file.Kafka.Partitions} partitions, in memory only");
        await table.RunAsync(() => View(broker), cancellation);
        table.Note($"broker stopped; {Count(broker.BytesIn)} bytes in, {Count(broker.BytesOut)} bytes out, all forgotten");
        return ExitCodes.Ok;
    }

    private static StatusView View(EmbeddedBroker broker) => new($"pipeline broker {broker.BootstrapServers}",
    [
        new StatusSection("clients",
        [
            new StatusRow("connections", $"{broker.ActiveConnections} open, {Count(broker.TotalConnections)} in all"),
            new StatusRow("bytes in", Count(broker.BytesIn)),
            new StatusRow("bytes out", Count(broker.BytesOut)),
        ]),
    ]);

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
