using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A number of bytes, plain or with a unit.</summary>
internal sealed class SizeShape(long minimum, long maximum) : ScalarShape<long>
{
    public const long KiB = 1024;
    public const long MiB = 1024 * KiB;
    public const long GiB = 1024 * MiB;

    private static readonly UnitText Units = new([("B", 1), ("KiB", KiB), ("MiB", MiB), ("GiB", GiB)]);

    public override string Summary => $"a size from {Format(minimum)} to {Format(maximum)}";

    public static string Format(long bytes) => Units.Format(bytes, "B");

    protected override Reading<long> Parse(string text)
    {
        var isPlain = text.Length > 0 && text.All(char.IsAsciiDigit);
        if (!Units.TryParse(isPlain ? text + "B" : text, out var bytes))
        {
            return Reading<long>.Fail($"{Spelling.Quote(text)} is not a size",
                "write bytes, or a number and KiB, MiB or GiB, such as 64KiB");
        }

        if (bytes < minimum || bytes > maximum)
        {
            var limit = bytes < minimum ? $"at least {Format(minimum)}" : $"at most {Format(maximum)}";
            return Reading<long>.Fail($"must be {limit}, not {text}");
        }

        return bytes;
    }

    protected override JsonObject Describe() => new()
    {
        ["type"] = new JsonArray("integer", "string"),
        ["minimum"] = minimum,
        ["maximum"] = maximum,
        ["pattern"] = Units.Pattern,
    };

    protected override JsonNode Write(long value) => Format(value);
}
