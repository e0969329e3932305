using System.Text;
using Pipeline.Core.Topology.Yaml;
using Pipeline.Simulator.Faults;

namespace Pipeline.Simulator.Scenarios;

/// <summary>
/// Reads scenario files: a list of steps in YAML or JSON, each <c>{at, fault, venue, connection, stream, symbol, for, count,
/// parameters, repeat: {every, times}}</c>.
/// </summary>
internal static class ScenarioReader
{
    private const int MaxFileBytes = 1024 * 1024;
    private const int MostTimes = 1_000_000;

    private static readonly FaultRequestReader Faults = new("fault", "at", "repeat");

    /// <exception cref="SimulatorStartException">It cannot be read, or something in it is not possible; the message names the line.</exception>
    public static Scenario ReadFile(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
            {
                throw new SimulatorStartException($"{path}: a scenario has at most 1 MiB.");
            }

            return Read(File.ReadAllText(path, new UTF8Encoding(false, true)), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SimulatorStartException($"The scenario {path} cannot be read: {e.Message}", e);
        }
    }

    /// <param name="name">What errors call the text.</param>
    /// <exception cref="SimulatorStartException">Something in it is not possible; the message names the line.</exception>
    public static Scenario Read(string text, string name)
    {
        try
        {
            return YamlTree.Read(text) is SequenceNode { Items.Count: > 0 } list
                ? new Scenario(name, [.. list.Items.Select(ReadStep)])
                : throw new FaultRequestException(Position.Start, "A scenario is a list of steps, such as - {at: 10s, fault: F07}.");
        }
        catch (FaultRequestException e)
        {
            throw new SimulatorStartException($"{name}:{e.At.Line}:{e.At.Column}: {e.Message}", e);
        }
        catch (YamlFault e)
        {
            throw new SimulatorStartException($"{name}:{e.Position.Line}:{e.Position.Column}: {e.Message}", e);
        }
    }

    private static ScenarioStep ReadStep(Node node)
    {
        var request = Faults.Read(node);
        var step = (MappingNode)node;
        var at = FaultRequestReader.Optional(step, "at")
            ?? throw new FaultRequestException(step.Position, "at is missing: when, after the start, such as 10s.");
        var (every, times) = ReadRepeat(step);
        return new ScenarioStep(step.Position.Line, FaultRequestReader.ReadDuration(at, "at"), request, every, times);
    }

    private static (TimeSpan? Every, int? Times) ReadRepeat(MappingNode step)
    {
        switch (step.Entries.LastOrDefault(entry => entry.Key == "repeat")?.Value)
        {
            case null or ScalarNode { IsNull: true }:
                return (null, null);
            case MappingNode repeat:
                FaultRequestReader.Check(repeat, ["every", "times"], "key of repeat");
                var every = FaultRequestReader.Optional(repeat, "every")
                    ?? throw new FaultRequestException(repeat.Position, "repeat.every is missing: the time between, such as 30s.");
                var interval = FaultRequestReader.ReadDuration(every, "repeat.every");
                if (interval < TimeSpan.FromMilliseconds(1))
                {
                    throw new FaultRequestException(every.Position, "repeat.every must be at least 1ms.");
                }

                var times = FaultRequestReader.Optional(repeat, "times");
                return (interval, times is null ? null : (int)FaultRequestReader.ReadWhole(times, "repeat.times", 1, MostTimes));
            case var other:
                throw new FaultRequestException(other.Position, "repeat must look like {every: 30s, times: 5}.");
        }
    }
}
