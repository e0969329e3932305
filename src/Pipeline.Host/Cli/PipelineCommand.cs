using System.CommandLine;

namespace Pipeline.Host.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class PipelineCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}
