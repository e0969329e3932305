using System.CommandLine;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Host.Tailing;
using Pipeline.Host.Venues;
using Pipeline.Kafka;
using Pipeline.Kafka.Reader;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline tail</c>: records as they come.</summary>
internal static class TailCommand
{
    public static Command Create(CommandContext context)
    {
        var topics = new Argument<string[]>("TOPIC") { Description = "Topics, with or without the prefix: md.trades, trades", Arity = ArgumentArity.OneOrMore };
        var topology = TopologyOption.Make();
        var instrument = new Option<string[]>("--instrument", "-i") { Description = "Only this instrument, in any spelling (BTC-USDT, binance:BTC-USDT, BTC/USDT:USDT); may be given again", HelpName = "NAME" };
        var last = new Option<int>("--last", "-n") { Description = "Begin with the newest N records of each partition", HelpName = "N" };
        var beginning = new Option<bool>("--from-beginning") { Description = "Begin with the oldest record that is still there" };
        var count = new Option<int?>("--count", "-c") { Description = "End after N records", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line: topic, partition, offset, key, headers, value" };
        last.Validators.Add(result => RequireAtLeast(result, 0));
        count.Validators.Add(result => RequireAtLeast(result, 1));
        var command = new PipelineCommand(
            "tail",
            "Show records as they come, in plain words or as JSON lines.",
            "pipeline tail md.trades",
            "pipeline tail md.trades md.candles --instrument BTC-USDT",
            "pipeline tail md.quotes --last 5 --count 20 --json | jq .value.bid")
        {
            topics,
            topology,
            instrument,
            last,
            beginning,
            count,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(last) is { Tokens.Count: > 0 } && result.GetResult(beginning) is { Tokens.Count: > 0 } or { Implicit: false })
            {
                result.AddError("--last and --from-beginning exclude each other.");
            }
        });
        command.SetAction((parsed, cancellation) =>
        {
            if (TopologyOption.Load(context, parsed.GetValue(topology)) is not { } file)
            {
                return Task.FromResult(ExitCodes.Invalid);
            }

            var start = parsed.GetValue(beginning) ? ReadStart.Beginning : ReadStart.Last(parsed.GetValue(last));
            var wanted = new InstrumentFilter(parsed.GetValue(instrument) ?? []);
            Warn(context, file, wanted);
            var format = parsed.GetValue(json) ? (IRecordFormat)new JsonRecordFormat() : new PlainRecordFormat();
            var request = new ReadRequest
            {
                Topics = [.. parsed.GetRequiredValue(topics).Select(topic => FullName(file.Kafka, topic))],
                Start = start,
                Follow = true,
                Fence = new EpochFence(),
            };
            return RunAsync(context, file, request, wanted, format, parsed.GetValue(count), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, TopologyFile file, ReadRequest request, InstrumentFilter wanted, IRecordFormat format, int? count, CancellationToken cancellation)
    {
        var shown = 0;
        try
        {
            await foreach (var record in new KafkaReader(file.Kafka).ReadAsync(request, cancellation))
            {
                if (!wanted.Passes(record.KeyText))
                {
                    continue;
                }

                await context.Terminal.Out.WriteLineAsync(format.Format(record));
                if (++shown == count)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how a tail ends.
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

    /// <summary>A name that nothing can match would only look like a quiet market. What a pattern stands for is not known here.</summary>
    private static void Warn(CommandContext context, TopologyFile file, InstrumentFilter wanted)
    {
        if (file.Venues.Any(venue => venue.Instruments.Any(choice => choice.IsOpen)))
        {
            return;
        }

        var keys = file.Venues.SelectMany(KeysOf).ToList();
        foreach (var name in wanted.Unknown(keys))
        {
            context.Terminal.Error.WriteLine($"warning: {file.Path} has no instrument '{name}'; it has {string.Join(", ", keys)}");
        }
    }

    private static IEnumerable<string> KeysOf(VenueOptions venue)
    {
        var names = venue.Instruments.Select(choice => choice.Name!).ToList();
        var directory = InstrumentDirectory.OfNames(venue.Name, names, KnownVenues.Adapter(venue.Name).SymbolOf);
        return names.SelectMany(directory.Find).Select(instrument => $"{instrument.Venue}:{instrument.Id}");
    }

    private static string FullName(KafkaOptions kafka, string topic) =>
        topic.StartsWith(kafka.TopicPrefix + ".", StringComparison.Ordinal) ? topic : $"{kafka.TopicPrefix}.{topic}";

    private static void RequireAtLeast(System.CommandLine.Parsing.OptionResult result, int least)
    {
        if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var value) || value < least))
        {
            result.AddError($"{result.Option.Name} takes a whole number of at least {least}, not '{result.Tokens[0].Value}'.");
        }
    }
}
