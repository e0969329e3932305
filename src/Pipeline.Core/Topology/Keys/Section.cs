using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A section with fixed keys. Defaults are those of <paramref name="create"/>: they stand nowhere else.</summary>
internal sealed class Section<T>(Func<T> create) : TypedShape<T>, ISection
{
    private readonly List<OwnedKey<T>> _keys = [];
    private readonly List<Rule<T>> _rules = [];
    private Func<T, Func<string, bool>, T> _complete = (value, _) => value;

    public override string Summary => "a section";

    public IReadOnlyList<SectionKey> Keys => _keys;

    /// <summary>Adds an optional key.</summary>
    public Section<T> Key<TValue>(string name, TypedShape<TValue> shape, Func<T, object?> get, Func<T, TValue, T> set, string description)
    {
        _keys.Add(new BoundKey<T, TValue>(name, shape, false, description, shape.ToJson(get(create())), set));
        return this;
    }

    /// <summary>Adds a key without a default.</summary>
    public Section<T> Required<TValue>(string name, TypedShape<TValue> shape, Func<T, TValue, T> set, string description)
    {
        _keys.Add(new BoundKey<T, TValue>(name, shape, true, description, null, set));
        return this;
    }

    /// <summary>Adds a rule between keys, given as paths below this section.</summary>
    public Section<T> Rule(IReadOnlyList<string> keys, Func<T, IEnumerable<Breach>> check)
    {
        _rules.Add(new Rule<T>(keys, check));
        return this;
    }

    /// <summary>Fills in what depends on which keys were given.</summary>
    public Section<T> Complete(Func<T, Func<string, bool>, T> complete)
    {
        _complete = complete;
        return this;
    }

    public override bool TryRead(ReadScope scope, Node node, string key, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!MappingReader.TryOpen(scope, node, key, out var entries))
        {
            return false;
        }

        var first = scope.ErrorCount;
        var read = create();
        foreach (var entry in entries)
        {
            var path = Below(key, entry.Key);
            if (_keys.Find(known => known.Name == entry.Key) is { } known)
            {
                read = known.Apply(scope, read, entry.Value, path);
            }
            else
            {
                var hint = Spelling.Suggest(entry.Key, [.. _keys.Select(known => known.Name)], "known here:");
                scope.Fail(path, entry.KeyPosition, $"unknown key {Spelling.Quote(entry.Key)}", hint);
            }
        }

        foreach (var missing in _keys.Where(known => known.IsRequired && entries.All(entry => entry.Key != known.Name)))
        {
            scope.FailAtKey(key, Below(key, missing.Name), "this key is missing", $"add {missing.Name}: {missing.Description}");
        }

        read = _complete(read, name => scope.IsGiven(Below(key, name)));
        AskRules(scope, key, read, first);
        value = read;
        return scope.ErrorCount == first;
    }

    public override JsonObject ToSchema()
    {
        var properties = new JsonObject();
        foreach (var key in _keys)
        {
            var schema = new JsonObject { ["description"] = key.Description };
            foreach (var (name, part) in key.Shape.ToSchema().ToList())
            {
                schema[name] = part?.DeepClone();
            }

            if (key.Default is not null)
            {
                schema["default"] = key.Default.DeepClone();
            }

            properties[key.Name] = schema;
        }

        var result = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (_keys.Exists(key => key.IsRequired))
        {
            result["required"] = new JsonArray([.. _keys.Where(key => key.IsRequired).Select(key => (JsonNode)key.Name)]);
        }

        return result;
    }

    private static string Below(string section, string key) => section.Length == 0 ? key : $"{section}.{key}";

    private void AskRules(ReadScope scope, string key, T read, int first)
    {
        foreach (var rule in _rules.Where(rule => !rule.Keys.Any(name => scope.HasFailed(Below(key, name), first))))
        {
            foreach (var breach in rule.Check(read))
            {
                var about = Below(key, breach.Key);
                var other = breach.Other is null ? about : Below(key, breach.Other);
                scope.FailAtValue(about, scope.IsGiven(about) || !scope.IsGiven(other) ? about : other, breach.Message, breach.Hint);
            }
        }
    }
}
