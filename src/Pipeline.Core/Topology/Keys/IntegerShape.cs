using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

internal sealed class IntegerShape(int minimum, int maximum) : ScalarShape<int>
{
    public override string Summary => "a whole number" + Bounds.Describe(minimum, maximum, int.MinValue, int.MaxValue);

    protected override bool MustBePlain => true;

    protected override Reading<int> Parse(string text)
    {
        if (!decimal.TryParse(text, Bounds.Digits, CultureInfo.InvariantCulture, out var value)
            || value != decimal.Truncate(value)
            || text.Contains('.', StringComparison.Ordinal))
        {
            return Reading<int>.Fail($"{Spelling.Quote(text)} is not a whole number", $"write {Summary}");
        }

        return value >= minimum && value <= maximum ? (int)value : Reading<int>.Fail(Bounds.Complain(value, minimum, maximum));
    }

    protected override JsonObject Describe()
    {
        var schema = new JsonObject { ["type"] = "integer" };
        if (minimum != int.MinValue)
        {
            schema["minimum"] = minimum;
        }

        if (maximum != int.MaxValue)
        {
            schema["maximum"] = maximum;
        }

        return schema;
    }

    protected override JsonNode Write(int value) => value;
}
