using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core.Audit;
using Pipeline.Core.Market;
using Pipeline.Host.Status;
using Spectre.Console;

namespace Pipeline.Host.Auditing;

/// <summary>What was found last of each candle, and how it is told.</summary>
internal sealed class AuditReport(AuditSummary summary)
{
    // As many as one can look through; of more the number.
    private const int MostKept = 10_000;

    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions OneLine = new(Layout) { WriteIndented = false };

    private readonly SortedDictionary<(string Key, int Interval, long OpenTime), AuditFinding> _findings = [];
    private readonly List<string> _notes = [];

    /// <summary>By instrument, interval and time.</summary>
    public IEnumerable<AuditFinding> Findings => _findings.Values;

    public IReadOnlyList<string> Notes => _notes;

    public int Differ => summary.Differing.Values.Sum();

    public int ExitCode => summary.Checked == 0 ? AuditExit.Nothing : Differ > 0 ? AuditExit.Differ : ExitCodes.Ok;

    public void Add(AuditFinding finding)
    {
        var key = (finding.Instrument.Key, finding.Interval.Index, finding.OpenTime);
        if (_findings.Count < MostKept || _findings.ContainsKey(key))
        {
            _findings[key] = finding;
        }
        else
        {
            Note($"only the first {MostKept} candles that differ are shown: choose with --instrument, --interval, --from and --to");
        }
    }

    /// <summary>Says something about what could not be known; once.</summary>
    public void Note(string note)
    {
        if (!_notes.Contains(note))
        {
            _notes.Add(note);
        }
    }

    /// <summary><c>n candles checked, m differ</c>, and why.</summary>
    public string Headline()
    {
        var text = $"{Text(summary.Checked)} candles checked, {Text(Differ)} differ{Why(summary.Differing)}";
        return summary.Mended.Count == 0
            ? text
            : $"{text}; {Text(summary.Mended.Values.Sum())} differed and agree now{Why(summary.Mended)}";
    }

    public void Print(Terminal terminal)
    {
        terminal.Out.WriteLine(Headline());
        if (summary.VenueOnly + summary.OursOnly > 0)
        {
            terminal.Out.WriteLine(
                $"not compared: {Text(summary.VenueOnly)} of the venues without one of ours (empty ones, or before we began), "
                + $"{Text(summary.OursOnly)} of ours without the venue's");
        }

        foreach (var note in _notes)
        {
            terminal.Out.WriteLine($"note: {note}");
        }

        if (_findings.Count > 0)
        {
            terminal.ToConsole().Write(MakeTable());
        }
    }

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            summary.Checked,
            summary.Equal,
            Differ,
            AgreeNow = summary.Mended.Values.Sum(),
            Causes = ByName(summary.Differing),
            CausesOfThoseThatAgreeNow = ByName(summary.Mended),
            NotCompared = new { Venue = summary.VenueOnly, Ours = summary.OursOnly },
            Notes,
            Findings = Findings.Select(Describe),
        },
        Layout);

    /// <summary>One finding in one line, for <c>--follow</c>.</summary>
    public static string ToLine(AuditFinding finding) =>
        $"{Time(finding.OpenTime)} {finding.Instrument.Key} {finding.Interval} {Cause(finding)}: "
        + string.Join(", ", finding.Differences.Select(one => $"{AuditNames.Of(one.Field)} {one.Ours ?? "none"} / {one.Venue}{Was(one)}"));

    /// <summary>The same as an object of one line.</summary>
    public static string ToJsonLine(AuditFinding finding) =>
        JsonSerializer.Serialize(Describe(finding), OneLine);

    private static object Describe(AuditFinding finding) => new
    {
        finding.Instrument.Venue,
        Instrument = finding.Instrument.Id,
        Interval = finding.Interval.Name,
        finding.OpenTime,
        Cause = AuditNames.Of(finding.Cause),
        finding.Agrees,
        Differences = finding.Differences.Select(one => new { Field = AuditNames.Of(one.Field), one.Ours, one.Venue, one.Before }),
        finding.Revision,
        finding.Complete,
    };

    private Table MakeTable()
    {
        var table = new Table().Border(TableBorder.None).AddColumns("instrument", "interval", "opens", "field", "ours", "venue's", "said first", "cause");
        foreach (var finding in Findings)
        {
            foreach (var one in finding.Differences)
            {
                table.AddRow(
                    Markup.Escape(finding.Instrument.Key),
                    finding.Interval.Name,
                    Time(finding.OpenTime),
                    AuditNames.Of(one.Field),
                    one.Ours ?? "none",
                    one.Venue,
                    one.Before ?? "",
                    Cause(finding));
            }
        }

        return table;
    }

    private static string Was(AuditDifference one) => one.Before is { } before ? $" (said first: {before})" : "";

    private static string Cause(AuditFinding finding) => AuditNames.Of(finding.Cause) + (finding.Agrees ? ", agrees now" : "");

    private static Dictionary<string, int> ByName(IReadOnlyDictionary<AuditCause, int> causes) =>
        causes.ToDictionary(cause => AuditNames.Of(cause.Key), cause => cause.Value);

    private static string Why(IReadOnlyDictionary<AuditCause, int> causes) =>
        causes.Count == 0 ? "" : ": " + string.Join(", ", causes.Select(cause => $"{AuditNames.Of(cause.Key)} {Text(cause.Value)}"));

    private static string Text(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Time(long microseconds) =>
        MarketTime.ToInstant(microseconds).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
