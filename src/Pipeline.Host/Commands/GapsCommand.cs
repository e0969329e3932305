using System.CommandLine;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Gaps;
using Pipeline.Host.Status;
using Pipeline.Host.Tailing;
using Pipeline.Kafka;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Topics;
using Pipeline.Kafka.Verification;
using Spectre.Console;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline gaps</c>: the ledger of holes in trades.</summary>
internal static class GapsCommand
{
    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var instrument = new Option<string[]>("--instrument", "-i") { Description = "Only this instrument, in any spelling; may be given again", HelpName = "NAME" };
        var open = new Option<bool>("--open") { Description = "Only those that are open" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Then each change of a gap as it comes, until Ctrl-C" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line" };
        var command = new PipelineCommand(
            "gaps",
            "Show the ledger of holes in trades: what was missing, why, and what became of it.",
            "pipeline gaps",
            "pipeline gaps --open --instrument BTC-USDT",
            "pipeline gaps --follow --json | jq .state")
        {
            topology,
            instrument,
            open,
            follow,
            json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (TopologyOption.Load(context, parsed.GetValue(topology)) is not { } file)
            {
                return Task.FromResult(ExitCodes.Invalid);
            }

            var view = new View(
                new InstrumentFilter(parsed.GetValue(instrument) ?? []), parsed.GetValue(open), parsed.GetValue(follow), parsed.GetValue(json));
            return RunAsync(context, file, view, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, TopologyFile file, View view, CancellationToken cancellation)
    {
        var topic = TopicCatalog.Of(file.Kafka).Gaps.Name;
        try
        {
            var reader = new KafkaReader(file.Kafka);
            if (!(await reader.ListTopicsAsync()).ContainsKey(topic))
            {
                context.Terminal.Fail($"there is no topic {topic}: nobody has kept a ledger of gaps here");
                return ExitCodes.Failed;
            }

            var ends = (await reader.DescribeTopicAsync(topic)).Partitions.ToDictionary(partition => partition.Partition, partition => partition.High);
            var board = new GapBoard();
            await foreach (var record in reader.ReadAsync(new ReadRequest { Topics = [topic] }, cancellation))
            {
                if (record.Offset < ends[record.Partition])
                {
                    board.Add(record);
                }
            }

            Print(context, view, board);
            if (view.Follow)
            {
                await FollowAsync(context, reader, topic, ends, view, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how following ends.
        }
        catch (IOException)
        {
            // The reader of our output, such as `head`, has seen enough.
        }
        catch (KafkaClientException error)
        {
            context.Terminal.Fail(error.Message);
            return ExitCodes.Failed;
        }

        return ExitCodes.Ok;
    }

    private static void Print(CommandContext context, View view, GapBoard board)
    {
        var now = Now(context);
        List<GapRow> rows = [.. board.Rows.Where(view.Shows)];
        if (board.Bad > 0)
        {
            context.Terminal.Warn($"{board.Bad} records of the ledger are no gaps; pipeline verify names them");
        }

        if (view.Json)
        {
            rows.ForEach(row => context.Terminal.Out.WriteLine(GapText.JsonOf(row, now)));
        }
        else if (rows.Count == 0)
        {
            context.Terminal.Out.WriteLine(view.OnlyOpen ? "no gap is open" : "no gaps");
        }
        else
        {
            var table = new Table().Border(TableBorder.None).AddColumns(GapText.Columns);
            rows.ForEach(row => table.AddRow([.. GapText.CellsOf(row, now).Select(Markup.Escape)]));
            context.Terminal.ToConsole().Write(table);
        }
    }

    /// <summary>With <c>--open</c> the end of a gap is told too: who waits for it must not miss it.</summary>
    private static async Task FollowAsync(
        CommandContext context, KafkaReader reader, string topic, Dictionary<int, long> ends, View view, CancellationToken cancellation)
    {
        await foreach (var record in reader.ReadAsync(new ReadRequest { Topics = [topic], Follow = true }, cancellation))
        {
            if (record.Offset >= ends.GetValueOrDefault(record.Partition) && new GapBoard().Add(record) is { } row && view.Wanted.Passes(record.KeyText))
            {
                var now = Now(context);
                var line = view.Json ? GapText.JsonOf(row, now) : string.Join("  ", GapText.CellsOf(row, now).Where(cell => cell.Length > 0));
                await context.Terminal.Out.WriteLineAsync(line);
            }
        }
    }

    private static long Now(CommandContext context) => MarketTime.Now(context.Time);

    private sealed record View(InstrumentFilter Wanted, bool OnlyOpen, bool Follow, bool Json)
    {
        public bool Shows(GapRow row) => Wanted.Passes($"{row.Venue}:{row.Instrument}") && (!OnlyOpen || row.IsOpen);
    }
}
