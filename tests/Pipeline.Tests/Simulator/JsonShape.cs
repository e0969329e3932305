using System.Text.Json;

namespace Pipeline.Tests.Simulator;

/// <summary>Looks at JSON the way a test wants to.</summary>
internal static class JsonShape
{
    /// <summary>Names of an object's members in their order; numbers are marked with a colon, since most venues send texts.</summary>
    public static string Members(this JsonElement element) =>
        string.Join(' ', element.EnumerateObject().Select(member => member.Name + (member.Value.ValueKind == JsonValueKind.Number ? ":" : "")));

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>A whole number, as number or as text.</summary>
    public static long Whole(this JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.String } text
            ? long.Parse(text.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            : element.GetProperty(name).GetInt64();
}
