using System.Globalization;
using Pipeline.Host.Status;

namespace Pipeline.Host.Auditing;

/// <summary>Says how far the reading has come, beside the result: in place at a terminal, a line now and then in a pipe.</summary>
internal sealed class AuditProgress(Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan AtTerminal = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan InPipe = TimeSpan.FromSeconds(10);

    private long _last = time.GetTimestamp();
    private bool _isOpen;

    /// <param name="what">Such as <c>md.candles</c>.</param>
    public void Report(string what, long count)
    {
        if (time.GetElapsedTime(_last) < (terminal.IsInteractive ? AtTerminal : InPipe))
        {
            return;
        }

        _last = time.GetTimestamp();
        var text = string.Create(CultureInfo.InvariantCulture, $"{what}: {count:#,0} read");
        if (terminal.IsInteractive)
        {
            terminal.Error.Write($"\r{text,-70}");
            _isOpen = true;
        }
        else
        {
            terminal.Error.WriteLine(text);
        }
    }

    /// <summary>Leaves the line free for the result.</summary>
    public void End()
    {
        if (_isOpen)
        {
            terminal.Error.Write($"\r{"",-70}\r");
            _isOpen = false;
        }
    }
}
