using System.CommandLine;
using Pipeline.Core.Time;
using Pipeline.Host.Status;

namespace Pipeline.Host.Cli;

/// <summary><c>--clock SCALE@ORIGIN</c>: a clock that runs faster than the real one, the same for every process that is given it.</summary>
internal static class ClockOption
{
    public static Option<string?> Make() => new("--clock")
    {
        Description = "Run on a scaled clock, SCALE@ORIGIN: 20@now, or 20@2026-11-20T10:00:00Z to agree with other processes; at most 20",
        HelpName = "SCALE@ORIGIN",
    };

    /// <summary>The clock that was asked for, or the command's own; null after it was told why there is none.</summary>
    public static TimeProvider? Resolve(CommandContext context, string? text)
    {
        if (text is null)
        {
            return context.Time;
        }

        var scale = ClockScale.Parse(text, context.Time.GetUtcNow(), out var error);
        if (scale is null)
        {
            context.Terminal.Fail($"--clock: {error}");
            return null;
        }

        return new ScaledTimeProvider(context.Time, scale);
    }
}
