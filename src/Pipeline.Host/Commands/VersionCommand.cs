using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new PipelineCommand("version", "Print the version of the program and of what it runs on.");
        command.SetAction(_ =>
        {
            var runtime = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}";
            context.Terminal.Out.WriteLine($"pipeline {Describe(Informational)}, {runtime}");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Informational =>
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>The build writes <c>0.1.0+COMMIT</c>, or <c>0.1.0</c> where it knew of none.</summary>
    internal static string Describe(string informational) => informational.Split('+', 2) is [var version, { Length: > 0 } commit]
        ? $"{version} (commit {commit[..Math.Min(12, commit.Length)]})"
        : $"{informational.TrimEnd('+')} (commit unknown)";
}
