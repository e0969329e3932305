using System.Text.Json;

namespace Pipeline.Simulator.Bybit;

/// <summary>A request as read.</summary>
/// <param name="Id">Null when none was given.</param>
/// <param name="Operation">Empty when none was given.</param>
/// <param name="Args">Null when they are no list of texts.</param>
internal sealed record BybitRequest(string? Id, string Operation, IReadOnlyList<string>? Args)
{
    /// <summary>Null for what is no JSON object.</summary>
    public static BybitRequest? From(ReadOnlySpan<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.ToArray());
            var root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object ? null
                : new BybitRequest(Text(root, "req_id"), Text(root, "op") ?? "", Texts(root));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text with half a surrogate pair.
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<string>? Texts(JsonElement root)
    {
        if (!root.TryGetProperty("args", out var args) || args.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var items = args.EnumerateArray().ToList();
        return items.TrueForAll(item => item.ValueKind == JsonValueKind.String) ? items.ConvertAll(item => item.GetString()!) : null;
    }
}
