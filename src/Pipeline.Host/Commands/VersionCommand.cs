using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Pipeline.Host.Cli;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new PipelineCommand("version", "Print the version of the program and of what it runs on.");
        command.SetAction(_ =>
        {
            var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            var runtime = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}";
            context.Terminal.Out.WriteLine($"pipeline {version}, {runtime}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
