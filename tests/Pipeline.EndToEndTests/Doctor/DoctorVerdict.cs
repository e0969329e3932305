using System.Text.Json.Nodes;

namespace Pipeline.EndToEndTests.Doctor;

/// <summary>What <c>pipeline doctor --json</c> answered.</summary>
internal sealed record DoctorVerdict(int ExitCode, JsonNode Json, string Output)
{
    public double Seconds => (double)Json["milliseconds"]! / 1000;

    public IReadOnlyList<JsonNode> Checks => [.. Json["checks"]!.AsArray().Select(check => check!)];

    /// <summary>Names of the checks with this verdict.</summary>
    public IEnumerable<string> With(string verdict) => Checks.Where(check => (string)check["verdict"]! == verdict).Select(check => (string)check["name"]!);

    /// <summary>What is so and what to do, of one check.</summary>
    public string Of(string name) => Checks.SingleOrDefault(check => (string)check["name"]! == name) is { } check
        ? $"{check["verdict"]}: {check["message"]} -> {check["advice"]}"
        : throw new KeyNotFoundException($"No check {name} in {Output}");

    /// <summary>This check failed with these words, and all else is well or waits for it.</summary>
    public void AssertOnlyFault(string name, params string[] words)
    {
        Assert.True(With("failed").SequenceEqual([name]) && !With("warning").Any(), Output);
        Assert.All(words, word => Assert.Contains(word, Of(name), StringComparison.Ordinal));
        Assert.Equal(1, ExitCode);

        // It bounds itself at 14 s; then a busy machine still has to end the process.
        Assert.True(Seconds < 30, $"{Seconds} s");
    }
}
