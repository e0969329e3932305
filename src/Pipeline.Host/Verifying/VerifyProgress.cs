using System.Globalization;
using Pipeline.Host.Status;

namespace Pipeline.Host.Verifying;

/// <summary>How far reading has come: a bar for a person, a line now and then in a pipe. It goes to the error output: the report is the output.</summary>
internal sealed class VerifyProgress(Terminal terminal, TimeProvider time)
{
    private const int Width = 24;

    private static readonly TimeSpan BarPace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LinePace = TimeSpan.FromSeconds(5);

    private readonly long _start = time.GetTimestamp();
    private long _shown = time.GetTimestamp();

    /// <summary>Records to read; 0 = there is no end.</summary>
    public long Total { get; set; }

    public long Records { get; private set; }

    /// <summary>Of which so many lay in front of where reading was to end.</summary>
    public long Done { get; private set; }

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public double PerSecond => Records / Math.Max(0.001, Elapsed.TotalSeconds);

    /// <summary>One record more. The clock is asked now and then only.</summary>
    /// <param name="counts">Whether it is one of those that were to be read.</param>
    public void Advance(bool counts)
    {
        Records++;
        Done += counts ? 1 : 0;
        if ((Records & 0x3FF) == 0)
        {
            Show();
        }
    }

    /// <summary>Shows where it is, if it is time.</summary>
    public void Show()
    {
        if (IsTime())
        {
            var text = Total > 0 ? Share() : string.Create(CultureInfo.InvariantCulture, $"{Records:#,0} records");
            Write(string.Create(CultureInfo.InvariantCulture, $"{text}  {PerSecond:#,0} records/s{Remaining()}"));
        }
    }

    /// <summary>Shows how far something beside the reading is, if it is time.</summary>
    public void Tell(string what, long count)
    {
        if (IsTime())
        {
            Write(string.Create(CultureInfo.InvariantCulture, $"{what}: {count:#,0}"));
        }
    }

    public void End()
    {
        if (terminal.IsInteractive)
        {
            terminal.Error.Write("\r\e[2K");
        }
    }

    private bool IsTime()
    {
        if (time.GetElapsedTime(_shown) < (terminal.IsInteractive ? BarPace : LinePace))
        {
            return false;
        }

        _shown = time.GetTimestamp();
        return true;
    }

    private void Write(string line)
    {
        if (terminal.IsInteractive)
        {
            terminal.Error.Write($"\r\e[2K{line}");
        }
        else
        {
            terminal.Error.WriteLine(line);
        }
    }

    private string Share()
    {
        var part = Math.Clamp((double)Done / Total, 0, 1);
        var filled = (int)(part * Width);
        return string.Create(
            CultureInfo.InvariantCulture, $"{new string('━', filled)}{new string('─', Width - filled)} {part * 100,3:0} %  {Done:#,0} of {Total:#,0} records");
    }

    private string Remaining() => Total > 0 && Done > 0
        ? string.Create(CultureInfo.InvariantCulture, $"  {Elapsed.TotalSeconds * (Total - Done) / Done:0} s left")
        : "";
}
