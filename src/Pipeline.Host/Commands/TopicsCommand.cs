using System.CommandLine;
using System.Globalization;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Topics;
using Spectre.Console;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline topics</c>: what there is on the brokers.</summary>
internal static class TopicsCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new PipelineCommand(
            "topics",
            "List and describe the topics on the brokers of the topology.",
            "pipeline topics list",
            "pipeline topics describe md.trades");
        command.Add(CreateList(context));
        command.Add(CreateDescribe(context));
        return command;
    }

    private static PipelineCommand CreateList(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var all = new Option<bool>("--all", "-a") { Description = "Also topics that are not the pipeline's" };
        var command = new PipelineCommand("list", "List the topics: partitions, records, key, schema.", "pipeline topics list", "pipeline topics list --all")
        {
            topology,
            all,
        };
        command.SetAction((parsed, _) => WithTopologyAsync(context, parsed.GetValue(topology), file => ListAsync(context, file, parsed.GetValue(all))));
        return command;
    }

    private static PipelineCommand CreateDescribe(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var topic = new Argument<string>("TOPIC") { Description = "Topic, such as md.trades" };
        var command = new PipelineCommand("describe", "Describe one topic: offsets of every partition, key, schema, settings.", "pipeline topics describe md.trades")
        {
            topic,
            topology,
        };
        command.SetAction((parsed, _) =>
            WithTopologyAsync(context, parsed.GetValue(topology), file => DescribeAsync(context, file, parsed.GetRequiredValue(topic))));
        return command;
    }

    private static async Task<int> WithTopologyAsync(CommandContext context, string? name, Func<TopologyFile, Task> act)
    {
        if (TopologyOption.Load(context, name) is not { } file)
        {
            return ExitCodes.Invalid;
        }

        await act(file);
        return ExitCodes.Ok;
    }

    private static async Task ListAsync(CommandContext context, TopologyFile file, bool all)
    {
        var reader = new KafkaReader(file.Kafka);
        var ours = TopicCatalog.Of(file.Kafka).All.ToDictionary(topic => topic.Name, StringComparer.Ordinal);
        var table = new Table().Border(TableBorder.None).AddColumns("topic", "partitions", "records", "key", "schema");
        foreach (var (name, partitions) in (await reader.ListTopicsAsync()).OrderBy(topic => topic.Key, StringComparer.Ordinal))
        {
            var definition = ours.GetValueOrDefault(name);
            if (definition is null && !all)
            {
                continue;
            }

            var records = (await reader.DescribeTopicAsync(name)).Records;
            table.AddRow(
                name, Number(partitions), Number(records), Markup.Escape(definition?.Key ?? ""), definition?.Schema ?? "");
        }

        context.Terminal.ToConsole().Write(table);
    }

    private static async Task DescribeAsync(CommandContext context, TopologyFile file, string topic)
    {
        var reader = new KafkaReader(file.Kafka);
        var description = await reader.DescribeTopicAsync(topic);
        var definition = TopicCatalog.Of(file.Kafka).All.FirstOrDefault(known => known.Name == topic);
        var output = context.Terminal.Out;
        await output.WriteLineAsync($"topic       {description.Name}");
        await output.WriteLineAsync($"partitions  {description.Partitions.Count}");
        await output.WriteLineAsync($"replicas    {description.Replicas}");
        await output.WriteLineAsync($"records     {Number(description.Records)}");
        if (definition is not null)
        {
            await output.WriteLineAsync($"key         {definition.Key}");
            await output.WriteLineAsync($"schema      {definition.Schema}");
        }

        if (SettingsText.Of(definition, await reader.ReadSettingsAsync(topic)) is { } settings)
        {
            await output.WriteLineAsync(settings);
        }

        var table = new Table().Border(TableBorder.None).AddColumns("partition", "first offset", "next offset", "records");
        foreach (var partition in description.Partitions)
        {
            table.AddRow(Number(partition.Partition), Number(partition.Low), Number(partition.High), Number(partition.Records));
        }

        context.Terminal.ToConsole().Write(table);
    }

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
