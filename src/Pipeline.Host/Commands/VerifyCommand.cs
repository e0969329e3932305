using System.CommandLine;
using System.CommandLine.Parsing;
using Pipeline.Core.Topology;
using Pipeline.Host.Auditing;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Host.Tailing;
using Pipeline.Host.Venues;
using Pipeline.Host.Verifying;
using Pipeline.Kafka;
using Pipeline.Kafka.Topics;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline verify</c>: proves that the topics hold what is promised of them.</summary>
internal static class VerifyCommand
{
    private const string Venue = "venue";

    private static readonly string[] Known = ["trades", "candles", "gaps"];

    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var instrument = new Option<string[]>("--instrument", "-i") { Description = "Only this instrument, in any spelling; may be given again", HelpName = "NAME" };
        var topics = new Option<string>("--topics") { Description = "What is proved: trades, candles, gaps [default: all]; candles need the trades, which are read too", HelpName = "NAMES" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Read on while others write, until Ctrl-C, --for or --until-idle" };
        var duration = DurationOption("--for", "End following after this time, such as 60s");
        var idle = DurationOption("--until-idle", "End following when no record came for this time, such as 5s");
        var against = new Option<string?>("--against") { Description = "Compare with what the venue says: venue = ask by REST, within the budgets, for every trade and candle; or the control address of a simulator, for every trade", HelpName = "venue|URL" };
        var json = new Option<bool>("--json") { Description = "The report as one JSON object" };
        topics.Validators.Add(RequireTopics);
        against.Validators.Add(RequireUrl);
        var command = new PipelineCommand(
            "verify",
            "Prove what the topics promise: every trade id once and in order, every hole in the ledger, candles equal to their trades. "
                + "Answers 0 proven, 1 contradicted, 2 not tried, 3 cannot prove, 4 proven with announced losses.",
            "pipeline verify",
            "pipeline verify --instrument BTC-USDT --topics trades",
            "pipeline verify --against venue",
            "pipeline verify --follow --for 10m --against http://127.0.0.1:9400")
        {
            topology,
            instrument,
            topics,
            follow,
            duration,
            idle,
            against,
            json,
        };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(follow) && (result.GetResult(duration) is { Implicit: false } || result.GetResult(idle) is { Implicit: false }))
            {
                result.AddError("--for and --until-idle end --follow, which was not given.");
            }
        });
        command.SetAction((parsed, cancellation) =>
        {
            if (TopologyOption.Load(context, parsed.GetValue(topology)) is not { } file)
            {
                return Task.FromResult(ExitCodes.Invalid);
            }

            var chosen = TopicsOf(parsed.GetValue(topics));
            var settings = new VerifySettings
            {
                Candles = chosen.Contains("candles"),
                Trades = chosen.Contains("trades") || chosen.Contains("candles"),
                Follow = parsed.GetValue(follow),
                For = TimeOf(parsed.GetValue(duration)),
                UntilIdle = TimeOf(parsed.GetValue(idle)),
                AgainstVenue = parsed.GetValue(against) == Venue,
                Against = parsed.GetValue(against) is { } url and not Venue ? new Uri(url) : null,
                Json = parsed.GetValue(json),
            };
            return RunAsync(context, file, settings, new InstrumentFilter(parsed.GetValue(instrument) ?? []), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, TopologyFile file, VerifySettings settings, InstrumentFilter wanted, CancellationToken cancellation)
    {
        var rules = new RuleBook(file);
        var findings = new FindingLog();
        var topics = TopicCatalog.Of(file.Kafka);
        var progress = new VerifyProgress(context.Terminal, context.Time);
        using var venues = new VenueRests(file, context.Time);
        using ITradeTruth? truth = settings.AgainstVenue ? new RestTruth(venues, file) { Progress = progress.Tell }
            : settings.Against is { } control ? new SimulatorTruth(new HttpClient(), control) : null;
        var comparison = truth is null ? null : new VenueComparison(truth, rules, findings, topics.Trades.Name);
        var klines = settings is { AgainstVenue: true, Candles: true }
            ? new KlineComparison(new AuditRest(venues, progress.Tell, context.Time), rules, new AuditInstruments(file), findings, topics, context.Time)
            : null;
        var options = new ProofOptions
        {
            Topics = topics,
            Candles = settings.Candles,
            Intervals = file.Candles.Intervals,
            RulesOf = rules.Of,
            Wants = wanted.Passes,
            Witness = comparison is null ? null : comparison.Add,
            RecordWitness = klines is null ? null : klines.Add,
        };
        var proof = new LogProof(options, findings) { MayBeCompacted = !file.Kafka.Embedded };
        var run = new VerifyRun(file.Kafka, settings, rules, progress, context.Time) { Comparison = comparison, Klines = klines };
        try
        {
            await run.RunAsync(proof, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            progress.End();
            context.Terminal.Warn("interrupted before the end was read: nothing is proved");
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (error is KafkaClientException or HttpRequestException)
        {
            progress.End();
            context.Terminal.Fail(error.Message);
            return ExitCodes.Invalid;
        }

        foreach (var failure in ((truth as RestTruth)?.Failures ?? []).Union(klines?.Failures ?? []))
        {
            context.Terminal.Warn($"not compared: {failure}");
        }

        await PrintAsync(context.Terminal, settings, new VerifyReport(proof, run.HasLedger, progress.PerSecond, progress.Elapsed));
        return VerifyResult.ExitCodeOf(findings);
    }

    private static async Task PrintAsync(Terminal terminal, VerifySettings settings, VerifyReport report)
    {
        if (settings.Json)
        {
            await terminal.Out.WriteLineAsync(report.ToJson());
            return;
        }

        foreach (var line in report.ToLines())
        {
            await terminal.Out.WriteLineAsync(line);
        }
    }

    private static Option<string?> DurationOption(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && !DurationText.TryParse(token.Value, out _))
            {
                result.AddError($"{name} takes a duration such as 250ms, 60s or 5m, not '{token.Value}'.");
            }
        });
        return option;
    }

    private static TimeSpan? TimeOf(string? text) => text is not null && DurationText.TryParse(text, out var time) ? time : null;

    private static string[] TopicsOf(string? text) =>
        text is null ? Known : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static void RequireTopics(OptionResult result)
    {
        if (result.Tokens is [var token, ..] && (TopicsOf(token.Value) is not { Length: > 0 } names || names.Except(Known).Any()))
        {
            result.AddError($"--topics takes some of {string.Join(", ", Known)}, not '{token.Value}'.");
        }
    }

    private static void RequireUrl(OptionResult result)
    {
        if (result.Tokens is [var token, ..] && token.Value != Venue
            && (!Uri.TryCreate(token.Value, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)))
        {
            result.AddError($"--against takes 'venue', or the control address of a simulator, such as http://127.0.0.1:9400, not '{token.Value}'.");
        }
    }
}
