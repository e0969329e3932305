using System.Text.Json.Nodes;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A price or quantity above zero, taken to the last digit.</summary>
internal sealed class ExactShape : ScalarShape<Number>
{
    public override string Summary => "a decimal number above 0";

    protected override Reading<Number> Parse(string text)
    {
        if (!Number.TryParse(text, out var value))
        {
            return Reading<Number>.Fail($"{Spelling.Quote(text)} is not a decimal number of up to 18 digits", "write it like 27000.5");
        }

        return value.IsPositive ? value : Reading<Number>.Fail($"must be above 0, not {value}");
    }

    protected override JsonObject Describe() =>
        new() { ["type"] = new JsonArray("number", "string"), ["exclusiveMinimum"] = 0, ["pattern"] = @"^[0-9]+(\.[0-9]+)?$" };

    protected override JsonNode Write(Number value) => value.ToString();
}
