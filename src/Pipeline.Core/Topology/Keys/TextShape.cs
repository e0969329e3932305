using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.Core.Topology.Keys;

/// <summary>Text, freely or by a pattern.</summary>
internal sealed class TextShape(string summary, string? pattern = null, string hint = "") : ScalarShape<string>
{
    private readonly Regex? _pattern = pattern is null
        ? null
        : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public override string Summary => summary;

    protected override bool TakesAnyText => _pattern is null;

    protected override Reading<string> Parse(string text)
    {
        if (text.Length == 0 && _pattern is not null)
        {
            return Reading<string>.Fail("the value is empty", $"write {summary}");
        }

        return _pattern is null || _pattern.IsMatch(text)
            ? text
            : Reading<string>.Fail($"{Spelling.Quote(text)} is not {summary}", hint);
    }

    // What YAML takes for a number or a boolean is text here too.
    protected override JsonObject Describe() => pattern is null
        ? new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") }
        : new JsonObject { ["type"] = "string", ["pattern"] = pattern };

    protected override JsonNode Write(string value) => value;
}
