using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

internal sealed class FlagShape : ScalarShape<bool>
{
    public override string Summary => "true or false";

    protected override bool MustBePlain => true;

    protected override Reading<bool> Parse(string text) => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        "yes" or "Yes" or "on" or "On" => Reading<bool>.Fail($"'{text}' is not true or false", "write true"),
        "no" or "No" or "off" or "Off" => Reading<bool>.Fail($"'{text}' is not true or false", "write false"),
        _ => Reading<bool>.Fail($"{Spelling.Quote(text)} is not true or false", "write true or false"),
    };

    protected override JsonObject Describe() => new() { ["type"] = "boolean" };

    protected override JsonNode Write(bool value) => value;
}
