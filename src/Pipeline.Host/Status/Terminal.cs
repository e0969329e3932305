using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Pipeline.Host.Status;

/// <summary>Where a command writes, and what the reader there can show.</summary>
/// <param name="IsInteractive">True when a person watches: a live table may be drawn.</param>
/// <param name="HasColour">False in a pipe, on a dumb terminal and with NO_COLOR.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive, bool HasColour)
{
    private const int PipeWidth = 240;

    public static Terminal OfProcess()
    {
        var isInteractive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
        return new Terminal(OpenOutput(), Console.Error, isInteractive, isInteractive && !IsSet("NO_COLOR"));
    }

    /// <summary>Says in one line what went wrong and what to do.</summary>
    public void Fail(string message) => Say("error:", 31, message);

    /// <summary>Says in one line what is not as it should be, though the command goes on or ends well.</summary>
    public void Warn(string message) => Say("warning:", 33, message);

    public IAnsiConsole ToConsole()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsInteractive ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = HasColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Out),
        });
        if (!IsInteractive)
        {
            // A pipe has no width, and a line that is wrapped is no line for grep.
            console.Profile.Width = PipeWidth;
        }

        return console;
    }

    /// <summary>
    /// The framework's console stream says nothing when the reader of a pipe has gone, and a command that never ends would write on
    /// for ever: a pipe is written to directly, and then the write fails.
    /// </summary>
    private static TextWriter OpenOutput()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
        {
            return Console.Out;
        }

        var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return output.CanSeek ? Console.Out : TextWriter.Synchronized(new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true });
    }

    private void Say(string word, int colour, string message) =>
        Error.WriteLine(HasColour && !Console.IsErrorRedirected ? $"\e[{colour}m{word}\e[0m {message}" : $"{word} {message}");

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
