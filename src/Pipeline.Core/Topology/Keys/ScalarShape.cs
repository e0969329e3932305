using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A single value: variables are put in, then the text is parsed.</summary>
internal abstract class ScalarShape<T> : TypedShape<T>
{
    /// <summary>True when a value in quotes is text and therefore wrong, as for numbers.</summary>
    protected virtual bool MustBePlain => false;

    /// <summary>True when a variable needs no mention in the schema, being text like any other.</summary>
    protected virtual bool TakesAnyText => false;

    public sealed override bool TryRead(ReadScope scope, Node node, string key, [MaybeNullWhen(false)] out T value)
    {
        var reading = node is ScalarNode scalar ? Read(scope, scalar) : Reading<T>.Fail(WrongKind(node), $"write {Summary}");
        if (!reading.IsOk)
        {
            scope.Fail(key, node.Position, reading.Message, reading.Hint);
        }

        value = reading.IsOk ? reading.Value : default;
        return reading.IsOk;
    }

    public sealed override JsonObject ToSchema()
    {
        var schema = Describe();
        return TakesAnyText
            ? schema
            : new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["$ref"] = "#/$defs/variable" }) };
    }

    protected abstract Reading<T> Parse(string text);

    /// <summary>The JSON Schema of a value that holds no variable.</summary>
    protected abstract JsonObject Describe();

    private static string WrongKind(Node node) =>
        node is SequenceNode ? "this is a list, not one value" : "this is a section, not one value";

    private Reading<T> Read(ReadScope scope, ScalarNode scalar)
    {
        if (scalar.IsNull)
        {
            return Reading<T>.Fail("the value is missing", $"write {Summary}, or remove the key");
        }

        if (MustBePlain && !scalar.IsPlain)
        {
            return Reading<T>.Fail($"{Spelling.Quote(scalar.Text)} is text", $"write {Summary}, without quotes");
        }

        var text = Variables.Expand(scalar.Text, scope.Variable);
        return text.IsOk ? Parse(text.Value) : Reading<T>.Fail(text.Message, text.Hint);
    }
}
