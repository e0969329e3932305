using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.Core.Topology.Keys;

/// <summary>Text that is never written back, not even where it is wrong.</summary>
internal sealed class SecretShape(string summary, string pattern, string hint) : ScalarShape<string>
{
    private readonly Regex _pattern = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public override string Summary => $"{summary}: {hint}";

    protected override Reading<string> Parse(string text) =>
        _pattern.IsMatch(text) ? text : Reading<string>.Fail($"this is not {summary}", hint);

    protected override JsonObject Describe() => new() { ["type"] = "string", ["pattern"] = pattern };

    protected override JsonNode Write(string value) => "(secret)";
}
