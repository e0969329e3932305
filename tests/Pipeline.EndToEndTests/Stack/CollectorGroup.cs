using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>Collectors of one topology that share its partitions, each with a name and a port of its own.</summary>
internal sealed partial class CollectorGroup(LocalStack stack, int partitions)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly List<PipelineProcess> _all = [];

    /// <summary>Those that are meant to run.</summary>
    public Dictionary<string, (PipelineProcess Process, int Port)> Running { get; } = new(StringComparer.Ordinal);

    /// <summary>What all that ever ran have said.</summary>
    public string Output => string.Join("\n---\n", _all.Select(process => process.Output));

    /// <summary>Hand-overs by partition and epoch, as the new owners told them: how, and for how many milliseconds nobody wrote.</summary>
    public Dictionary<(int Partition, long Epoch), (string How, double Silence)> HandOvers => _all
        .SelectMany(process => process.Lines).Select(line => Gained().Match(line)).Where(match => match.Success)
        .ToDictionary(
            match => (Number(match, 1), (long)Number(match, 2)),
            match => (match.Groups[3].Value, double.Parse(match.Groups[4].Value, CultureInfo.InvariantCulture)));

    public async Task StartAsync(string name)
    {
        var (process, port) = await stack.BeginCollectorAsync(name);
        _all.Add(process);
        Running[name] = (process, port);
    }

    /// <summary>Waits until each partition has one owner, each collector some, and all say that they are ready.</summary>
    public Task WhenSharedAsync() => Until.TrueAsync(IsSharedAsync, () => Output, TimeSpan.FromSeconds(120));

    /// <summary>Ends one that still runs: killed it says nothing; drained it hands over and then ends by itself.</summary>
    public async Task EndAsync(string name, bool isKilled)
    {
        var (process, _) = Running[name];
        Running.Remove(name);
        process.Signal(isKilled ? PipelineProcess.SigKill : PipelineProcess.SigTerm);
        await process.WaitForExitAsync();
        Assert.True(isKilled || process.ExitCode == 0, $"{name} ended with {process.ExitCode}: {process.Output}");
    }

    /// <summary>Partitions by the name of the collector that says it owns them.</summary>
    public async Task<ILookup<string, int>> OwnersAsync()
    {
        var owned = new List<(string Name, int Partition)>();
        foreach (var (name, (_, port)) in Running)
        {
            if (await StatisticsAsync(port) is { } statistics)
            {
                owned.AddRange(statistics["partitions"]!.AsArray()
                    .Where(one => (string)one!["phase"]! == "owning").Select(one => (name, (int)one!["number"]!)));
            }
        }

        return owned.ToLookup(one => one.Name, one => one.Partition);
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static async Task<JsonNode?> StatisticsAsync(int port)
    {
        try
        {
            return await Http.GetFromJsonAsync<JsonNode>(new Uri($"http://127.0.0.1:{port}/statistics"));
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private async Task<bool> IsSharedAsync()
    {
        foreach (var (process, port) in Running.Values)
        {
            Assert.False(process.HasExited, process.Output);
            if (!await LocalStack.AnswersAsync(new Uri($"http://127.0.0.1:{port}/readyz")))
            {
                return false;
            }
        }

        var owners = await OwnersAsync();
        var all = owners.SelectMany(one => one).ToList();
        return owners.Count == Running.Count && all.Count == partitions && all.Distinct().Count() == partitions;
    }

    [GeneratedRegex(@"partition (\d+) is \S+ under epoch (\d+): (\w+), nobody wrote for (\d+) ms")]
    private static partial Regex Gained();
}
