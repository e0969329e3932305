using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A factor or a rate: the only values read as binary fractions, none of them is a price.</summary>
internal sealed class RealShape(double minimum, double maximum) : ScalarShape<double>
{
    public override string Summary => "a number" + Bounds.Describe(minimum, maximum, double.MinValue, double.MaxValue);

    protected override bool MustBePlain => true;

    protected override Reading<double> Parse(string text)
    {
        if (!double.TryParse(text, Bounds.Digits, CultureInfo.InvariantCulture, out var value)
            || !double.IsFinite(value))
        {
            return Reading<double>.Fail($"{Spelling.Quote(text)} is not a number", $"write {Summary}");
        }

        return value >= minimum && value <= maximum ? value : Reading<double>.Fail(Bounds.Complain(value, minimum, maximum));
    }

    protected override JsonObject Describe() => new() { ["type"] = "number", ["minimum"] = minimum, ["maximum"] = maximum };

    protected override JsonNode Write(double value) => value;
}
