using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A section whose keys the user names, within a pattern or a list of known names.</summary>
/// <param name="names">Which keys there may be.</param>
/// <param name="shapeOf">What stands under a key.</param>
internal sealed class MapShape<T>(MapNames names, Func<string, TypedShape<T>> shapeOf)
    : TypedShape<IReadOnlyList<KeyValuePair<string, T>>>, IMap
{
    private readonly Regex _pattern = new(names.Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public override string Summary => $"one key per {names.Noun}";

    public ValueShape Item => shapeOf(names.Example);

    public string ItemName => names.Example;

    public override bool TryRead(
        ReadScope scope, Node node, string key, [MaybeNullWhen(false)] out IReadOnlyList<KeyValuePair<string, T>> value)
    {
        value = null;
        if (!MappingReader.TryOpen(scope, node, key, out var entries))
        {
            return false;
        }

        var read = new List<KeyValuePair<string, T>>();
        var isWhole = true;
        foreach (var entry in entries)
        {
            var entryKey = $"{key}.{entry.Key}";
            if (!Accepts(scope, entry, entryKey) || !shapeOf(entry.Key).TryRead(scope, entry.Value, entryKey, out var item))
            {
                isWhole = false;
                continue;
            }

            read.Add(new(entry.Key, item));
        }

        if (entries.Count < names.Minimum)
        {
            scope.Fail(key, node.Position, $"there must be at least {names.Minimum} {names.Noun}", $"add one, such as {names.Example}");
            isWhole = false;
        }

        value = read;
        return isWhole;
    }

    public override JsonObject ToSchema()
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (names.Known.Count > 0)
        {
            schema["properties"] = new JsonObject(names.Known.Select(name =>
                KeyValuePair.Create(name, (JsonNode?)shapeOf(name).ToSchema())));
            schema["additionalProperties"] = false;
        }
        else
        {
            schema["propertyNames"] = new JsonObject { ["pattern"] = names.Pattern };
            schema["additionalProperties"] = shapeOf(names.Example).ToSchema();
        }

        if (names.Minimum > 0)
        {
            schema["minProperties"] = names.Minimum;
        }

        return schema;
    }

    private bool Accepts(ReadScope scope, MappingEntry entry, string key)
    {
        if (names.Known.Count > 0 && !names.Known.Contains(entry.Key))
        {
            scope.Fail(key, entry.KeyPosition, $"unknown {names.Noun} {Spelling.Quote(entry.Key)}",
                Spelling.Suggest(entry.Key, names.Known));
            return false;
        }

        if (!_pattern.IsMatch(entry.Key))
        {
            scope.Fail(key, entry.KeyPosition, $"{Spelling.Quote(entry.Key)} is no {names.Noun}", $"write it like {names.Example}");
            return false;
        }

        return true;
    }
}
