using System.CommandLine;
using Pipeline.Host.Status;

namespace Pipeline.Host.Cli;

/// <summary>What the option <c>--quiet</c> of a service means for its output.</summary>
internal static class QuietOption
{
    public static StatusOutput Of(ParseResult parsed, Option<bool> quiet) => parsed.GetValue(quiet) ? StatusOutput.Quiet : StatusOutput.Text;
}
