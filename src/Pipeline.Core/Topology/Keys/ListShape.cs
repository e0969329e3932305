using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A list whose items all differ.</summary>
/// <param name="noun">What an item is, such as "channel".</param>
internal sealed class ListShape<T>(string noun, TypedShape<T> item, int minimum) : TypedShape<IReadOnlyList<T>>
    where T : notnull
{
    public override string Summary => $"a list; each: {item.Summary}";

    public override bool TryRead(ReadScope scope, Node node, string key, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        value = null;
        if (node is not SequenceNode sequence)
        {
            var hint = node is ScalarNode { IsNull: false } scalar ? $"write [{Spelling.Quote(scalar.Text).Trim('\'')}]" : "write [a, b]";
            scope.Fail(key, node.Position, "this must be a list", hint);
            return false;
        }

        if (sequence.Items.Count < minimum)
        {
            scope.Fail(key, node.Position, $"the list needs at least {minimum} {noun}", $"add a {noun}, or remove the key for its default");
            return false;
        }

        var items = new List<T>(sequence.Items.Count);
        var first = new Dictionary<T, int>();
        var isWhole = true;
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            var itemKey = $"{key}[{i}]";
            var position = sequence.Items[i].Position;
            scope.Enter(itemKey, position, position);
            if (!item.TryRead(scope, sequence.Items[i], itemKey, out var read))
            {
                isWhole = false;
            }
            else if (!first.TryAdd(read, i))
            {
                scope.Fail(itemKey, position, $"{noun} '{item.ToJson(read)}' is in the list already",
                    $"it is [{first[read]}] too: remove one");
                isWhole = false;
            }
            else
            {
                items.Add(read);
            }
        }

        value = items;
        return isWhole;
    }

    public override JsonObject ToSchema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = item.ToSchema(), ["uniqueItems"] = true };
        if (minimum > 0)
        {
            schema["minItems"] = minimum;
        }

        return schema;
    }

    protected override JsonNode Write(IReadOnlyList<T> value) => new JsonArray([.. value.Select(one => item.ToJson(one))]);
}
