using Pipeline.Host.Status;
using Spectre.Console;

namespace Pipeline.Host.Doctor;

/// <summary>
/// Shows checks while they run: on a terminal what is still running and then a table, in a pipe a line each, in their order, as soon as it
/// and all before it are over.
/// </summary>
internal sealed class DoctorScreen(Terminal terminal, IReadOnlyList<ICheck> checks)
{
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(100);

    private readonly int _width = checks.Select(check => check.Name.Length).DefaultIfEmpty().Max();
    private int _told;

    /// <summary>Runs, shows and returns what they came to.</summary>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(TimeProvider time, CancellationToken cancellation)
    {
        DoctorRun? run = null;
        run = new DoctorRun(checks, time, _ => Tell(run!));
        if (!terminal.IsInteractive)
        {
            return await run.RunAsync(cancellation);
        }

        var running = run.RunAsync(cancellation);
        var console = terminal.ToConsole();

        // The table may be longer than the screen, of which a live one shows the beginning for ever.
        await console.Live(new Text("")).AutoClear(true).StartAsync(async live =>
        {
            while (!running.IsCompleted)
            {
                live.UpdateTarget(DrawProgress(run.Results));
                await Task.WhenAny(running, Task.Delay(DrawInterval, time, CancellationToken.None));
            }
        });
        var results = await running;
        console.Write(Draw(results));
        return results;
    }

    private static Color ColourOf(Verdict verdict) => verdict switch
    {
        Verdict.Ok => Color.Green,
        Verdict.Warning => Color.Yellow,
        Verdict.Failed => Color.Red,
        _ => Color.Grey,
    };

    private void Tell(DoctorRun run)
    {
        while (!terminal.IsInteractive && _told < run.Results.Count && run.Results[_told] is { } result)
        {
            terminal.Out.WriteLine(DoctorReport.ToLine(result, _width));
            _told++;
        }
    }

    private Text DrawProgress(IReadOnlyList<CheckResult?> results)
    {
        var left = checks.Where((_, i) => results[i] is null).Select(check => check.Name).ToList();
        return new Text($"{checks.Count - left.Count} of {checks.Count} checks; still: {string.Join(", ", left)}");
    }

    private static Table Draw(IReadOnlyList<CheckResult> results)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "", "");
        foreach (var column in table.Columns.Take(3))
        {
            column.NoWrap();
        }

        foreach (var result in results)
        {
            table.AddRow(
                new Text(DoctorReport.WordOf(result.Verdict), new Style(ColourOf(result.Verdict))),
                new Text(result.Name),
                new Text(DoctorReport.Took(result.Took)),
                new Text(DoctorReport.TextOf(result.Finding)));
        }

        return table;
    }
}
