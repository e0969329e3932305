using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Pipeline.Core.Audit;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Auditing;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Host.Tailing;
using Pipeline.Host.Venues;
using Pipeline.Kafka;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Topics;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline audit</c>: our candles against the venues' own.</summary>
internal static class AuditCommand
{
    // More than a day of seconds of each instrument.
    private const int MostCandles = 100_000;

    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var instrument = new Option<string[]>("--instrument", "-i") { Description = "Only this instrument, in any spelling; may be given again", HelpName = "NAME" };
        var interval = new Option<string[]>("--interval") { Description = "Only candles of this interval; may be given again", HelpName = "INTERVAL" };
        var from = TimeOption("--from", "Only candles that open at this time or later, such as 2026-11-20T12:00Z");
        var to = TimeOption("--to", "Only candles that open before this time");
        var follow = new Option<bool>("--follow", "-f") { Description = "Read on while others write, until Ctrl-C" };
        var rest = new Option<bool>("--rest") { Description = "Ask the venues for their candles instead of reading those that the collector took" };
        var json = new Option<bool>("--json") { Description = "The result as one JSON object; with --follow each finding as a line of its own before it" };
        interval.Validators.Add(RequireIntervals);
        var command = new PipelineCommand(
            "audit",
            "Compare our final candles with the venues' own, field by field, and say why they differ. "
                + "Answers 0 none differ, 1 some differ, 2 cannot be found out, 3 nothing to compare.",
            "pipeline audit",
            "pipeline audit --instrument BTC-USDT --interval 1m --from 2026-11-20T12:00Z",
            "pipeline audit --rest --interval 1m --json | jq .findings")
        {
            topology,
            instrument,
            interval,
            from,
            to,
            follow,
            rest,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(follow) && result.GetValue(rest))
            {
                result.AddError("--follow and --rest exclude each other: the collector asks while it runs, see audit in the topology.");
            }
        });
        command.SetAction((parsed, cancellation) =>
        {
            if (TopologyOption.Load(context, parsed.GetValue(topology)) is not { } file)
            {
                return Task.FromResult(ExitCodes.Invalid);
            }

            var intervals = (parsed.GetValue(interval) ?? []).Select(CandleInterval.Parse).ToList();
            var settings = new AuditSettings(
                new InstrumentFilter(parsed.GetValue(instrument) ?? []),
                intervals.Count > 0 ? intervals : null,
                TimeOf(parsed.GetValue(from)) ?? long.MinValue,
                TimeOf(parsed.GetValue(to)) ?? long.MaxValue,
                parsed.GetValue(follow),
                parsed.GetValue(rest),
                parsed.GetValue(json));
            return RunAsync(context, file, settings, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, TopologyFile file, AuditSettings settings, CancellationToken cancellation)
    {
        var (terminal, time) = (context.Terminal, context.Time);
        var audit = new CandleAudit(new AuditLimits { Patience = file.Audit.Patience, MostCandles = MostCandles, Intervals = settings.Intervals });
        var report = new AuditReport(audit.Summary);
        var progress = new AuditProgress(terminal, time);
        var run = new AuditRun(
            new KafkaReader(file.Kafka), TopicCatalog.Of(file.Kafka), settings, new AuditInstruments(file), report, progress, time);
        try
        {
            if (settings.Follow)
            {
                await run.FollowAsync(audit, finding => ShowAsync(terminal, settings, finding), cancellation);
            }
            else
            {
                await run.ReadAsync(audit, cancellation);
            }

            if (settings.Rest)
            {
                using var venues = new VenueRests(file, time);
                await new AuditRest(venues, progress.Report, time).AskAsync(audit, report.Note, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            progress.End();
            terminal.Warn("interrupted before all was read: nothing is said of the candles");
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (error is KafkaClientException or VenueRestException)
        {
            progress.End();
            terminal.Fail(error.Message);
            return AuditExit.Cannot;
        }

        progress.End();
        audit.Finish(MarketTime.Now(time));
        foreach (var finding in audit.Findings)
        {
            report.Add(finding);
        }

        if (settings.Json)
        {
            await terminal.Out.WriteLineAsync(report.ToJson());
        }
        else
        {
            report.Print(terminal);
        }

        return report.ExitCode;
    }

    private static Task ShowAsync(Terminal terminal, AuditSettings settings, AuditFinding finding) =>
        terminal.Out.WriteLineAsync(settings.Json ? AuditReport.ToJsonLine(finding) : AuditReport.ToLine(finding));

    private static Option<string?> TimeOption(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && TimeOf(token.Value) is null)
            {
                result.AddError($"{name} takes a time such as 2026-11-20T12:00Z, not '{token.Value}'.");
            }
        });
        return option;
    }

    /// <summary>A time without a zone is UTC.</summary>
    private static long? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? MarketTime.From(time) : null;

    private static void RequireIntervals(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (!CandleInterval.TryParse(token.Value, out _))
            {
                result.AddError($"--interval takes one of {string.Join(' ', CandleInterval.All)}, not '{token.Value}'.");
            }
        }
    }
}
