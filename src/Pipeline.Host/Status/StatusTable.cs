using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.Host.Status;

/// <summary>
/// What a running command shows: on a terminal a table drawn anew every 500 ms with the latest notes below it, in a pipe plain lines
/// with the time in front, the figures every 10 s. See <see cref="StatusOutput"/> for the other ways.
/// </summary>
/// <param name="format">Of notes and log entries; with JSON the figures are left to <c>/metrics</c> and <c>/statistics</c>, unless they are asked for.</param>
internal sealed class StatusTable(Terminal terminal, TimeProvider time, StatusOutput way, LogFormat format = LogFormat.Text)
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int MaxNotes = 8;

    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Queue<(string Text, StatusTone Tone)> _notes = new();
    private bool _isDrawing;

    /// <summary>Lines are JSON, and entries of loggers come through <see cref="Log"/>.</summary>
    public bool IsJson => way == StatusOutput.Json || format == LogFormat.Json;

    /// <summary>An entry of a logger, with its fields. Safe from any thread.</summary>
    public void Log<TState>(LogLevel level, string category, EventId id, TState state, string message, Exception? exception) =>
        WriteJson(level, JsonLine.Of(time.GetUtcNow(), level, category, id, state, message, exception));

    /// <summary>Says that something happened: a change of state, never the flow. Safe from any thread.</summary>
    public void Note(string text, StatusTone tone = StatusTone.Plain)
    {
        if (IsJson)
        {
            var level = LevelOf(tone);
            WriteJson(level, JsonLine.Of(time.GetUtcNow(), level, text));
            return;
        }

        lock (_gate)
        {
            if (_isDrawing)
            {
                _notes.Enqueue(($"{Now("HH:mm:ss")} {text}", tone));
                while (_notes.Count > MaxNotes)
                {
                    _notes.Dequeue();
                }

                return;
            }

            if (way == StatusOutput.Text)
            {
                terminal.Out.WriteLine(Stamped(text));
            }
            else if (tone is StatusTone.Warning or StatusTone.Bad)
            {
                terminal.Error.WriteLine(Stamped(text));
            }
        }
    }

    /// <summary>Says once what runs: in words to people, as an object to programs, to neither when quiet.</summary>
    public void Announce(string text, JsonObject figures)
    {
        lock (_gate)
        {
            if (way == StatusOutput.Json)
            {
                WriteJson("running", figures);
            }
            else if (way == StatusOutput.Text)
            {
                terminal.Out.Write(text);
            }
        }
    }

    /// <summary>Shows what <paramref name="view"/> answers until cancelled, which is its normal end.</summary>
    public async Task RunAsync(Func<StatusView> view, CancellationToken cancellation)
    {
        try
        {
            if (way == StatusOutput.Quiet || (way == StatusOutput.Text && format == LogFormat.Json))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
            }
            else if (terminal.IsInteractive && way == StatusOutput.Text)
            {
                await DrawAsync(view, cancellation);
            }
            else
            {
                await WriteLinesAsync(view, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The command ends: nothing more is shown.
        }
    }

    private static LogLevel LevelOf(StatusTone tone) => tone switch
    {
        StatusTone.Warning => LogLevel.Warning,
        StatusTone.Bad => LogLevel.Error,
        _ => LogLevel.Information,
    };

    private static Color ColourOf(StatusTone tone) => tone switch
    {
        StatusTone.Good => Color.Green,
        StatusTone.Warning => Color.Yellow,
        StatusTone.Bad => Color.Red,
        _ => Color.Default,
    };

    private static Table Draw(StatusView view)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(view.Title)).HideHeaders();
        table.AddColumn(new TableColumn("").NoWrap()).AddColumn(new TableColumn(""));
        foreach (var section in view.Sections.Where(section => section.Rows.Count > 0))
        {
            if (table.Rows.Count > 0)
            {
                table.AddEmptyRow();
            }

            table.AddRow(new Text(section.Name, new Style(decoration: Decoration.Bold)), new Text(""));
            foreach (var row in section.Rows)
            {
                table.AddRow(new Text($"  {row.Name}"), new Text(row.Value, new Style(ColourOf(row.Tone))));
            }
        }

        return table;
    }

    private async Task DrawAsync(Func<StatusView> view, CancellationToken cancellation)
    {
        SetDrawing(true);
        try
        {
            await terminal.ToConsole().Live(new Text("")).StartAsync(async live =>
            {
                while (true)
                {
                    live.UpdateTarget(new Rows([Draw(view()), .. DrawNotes()]));
                    await Task.Delay(DrawInterval, time, cancellation);
                }
            });
        }
        finally
        {
            SetDrawing(false);
        }
    }

    private async Task WriteLinesAsync(Func<StatusView> view, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(LineInterval, time, cancellation);
            lock (_gate)
            {
                Write(view());
            }
        }
    }

    private void Write(StatusView view)
    {
        if (way == StatusOutput.Json)
        {
            WriteJson("status", view.ToJson());
            return;
        }

        foreach (var line in view.ToLines())
        {
            terminal.Out.WriteLine(Stamped(line));
        }
    }

    private void WriteJson(LogLevel level, string line)
    {
        if (way == StatusOutput.Quiet && level < LogLevel.Warning)
        {
            return;
        }

        lock (_gate)
        {
            terminal.Out.WriteLine(line);
        }
    }

    private void WriteJson(string what, JsonObject figures)
    {
        var line = new JsonObject { ["time"] = Now(JsonLine.TimeFormat), ["event"] = what };
        foreach (var (name, value) in figures)
        {
            line[name] = value?.DeepClone();
        }

        terminal.Out.WriteLine(line.ToJsonString(Layout));
    }

    private void SetDrawing(bool isDrawing)
    {
        lock (_gate)
        {
            _isDrawing = isDrawing;
        }
    }

    private List<IRenderable> DrawNotes()
    {
        lock (_gate)
        {
            return [.. _notes.Select(note => new Text(note.Text, new Style(ColourOf(note.Tone))))];
        }
    }

    private string Stamped(string text) => terminal.IsInteractive ? text : $"{Now(JsonLine.TimeFormat)} {text}";

    private string Now(string format) => time.GetUtcNow().ToString(format, CultureInfo.InvariantCulture);
}
