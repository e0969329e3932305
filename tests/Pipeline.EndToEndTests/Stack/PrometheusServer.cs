using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>
/// A real Prometheus with the configuration and the rules that are shipped. Changed are only addresses, how often it looks, and how long
/// something must last: else every alert would take minutes.
/// </summary>
internal sealed partial class PrometheusServer : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-prometheus-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly HashSet<string> _fired = [];
    private PipelineProcess? _process;

    private PrometheusServer()
    {
    }

    /// <summary>Names of all alerts of the rules.</summary>
    public IReadOnlyList<string> Alerts { get; private set; } = [];

    /// <summary>Those that have been seen firing.</summary>
    public IReadOnlySet<string> Fired => _fired;

    public static PrometheusServer Make() => new();

    /// <param name="thresholds">Text of the rules to be replaced, where what is shipped asks for more than a test can make.</param>
    public async Task StartAsync(Uri collector, IReadOnlyList<Uri> gateways, params (string From, string To)[] thresholds)
    {
        var shipped = Path.Combine(TestKit.Fixture.RepositoryRoot, "docker", "prometheus");
        var rules = await File.ReadAllTextAsync(Path.Combine(shipped, "rules", "pipeline.yml"));
        Alerts = [.. Alert().Matches(rules).Select(match => match.Groups[1].Value)];
        foreach (var (from, to) in thresholds)
        {
            Assert.Contains(from, rules, StringComparison.Ordinal);
            rules = rules.Replace(from, to, StringComparison.Ordinal);
        }

        Directory.CreateDirectory(Path.Combine(_folder, "rules"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "rules", "pipeline.yml"), Window().Replace(Lasting().Replace(rules, "for: 0s"), "[4s]"));
        var configuration = await File.ReadAllTextAsync(Path.Combine(shipped, "prometheus.yml"));
        configuration = Interval().Replace(configuration, "_interval: 500ms").Replace("scrape_timeout: 4s", "scrape_timeout: 500ms", StringComparison.Ordinal)
            .Replace("\"collector:8081\"", $"\"{collector.Authority}\"", StringComparison.Ordinal)
            .Replace("\"gateway:8080\"", string.Join(", ", gateways.Select(one => $"\"{one.Authority}\"")), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "prometheus.yml"), configuration);
        _process = PipelineProcess.Start(
            "prometheus",
            [$"--config.file={_folder}/prometheus.yml", $"--storage.tsdb.path={_folder}/data", $"--web.listen-address=127.0.0.1:{_port}"],
            _folder);
        await Until.TrueAsync(IsReadyAsync, () => _process.Output);
    }

    /// <summary>Names of the alerts that are firing now.</summary>
    public async Task<IReadOnlyList<string>> FiringAsync()
    {
        var answer = await AskAsync("/api/v1/alerts");
        List<string> firing = [.. answer["data"]!["alerts"]!.AsArray().Where(one => (string)one!["state"]! == "firing").Select(one => (string)one!["labels"]!["alertname"]!)];
        _fired.UnionWith(firing);
        return firing;
    }

    /// <summary>Waits until all of these fire.</summary>
    public Task FireAsync(params string[] alerts) => Until.TrueAsync(
        async () => alerts.Except(await FiringAsync()).ToList() is { Count: 0 },
        () => $"wanted {string.Join(' ', alerts)}, have seen {string.Join(' ', _fired)}");

    /// <summary>The values of an expression now, by their labels.</summary>
    public async Task<IReadOnlyList<double>> QueryAsync(string expression)
    {
        var answer = await AskAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        return [.. answer["data"]!["result"]!.AsArray().Select(one => double.Parse((string)one!["value"]![1]!, System.Globalization.CultureInfo.InvariantCulture))];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<JsonNode> AskAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}{path}")))!;

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{_port}/-/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"for: \w+")]
    private static partial Regex Lasting();

    // What looks back a quarter of an hour finds what there is.
    [GeneratedRegex(@"\[[1-9]m\]")]
    private static partial Regex Window();

    [GeneratedRegex(@"_interval: \w+")]
    private static partial Regex Interval();
}
