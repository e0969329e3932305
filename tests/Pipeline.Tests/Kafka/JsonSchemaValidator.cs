using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Kafka;

/// <summary>
/// Checks a JSON value against the keywords our record schemas use, draft 2020-12. A keyword it does not know is an error, so that no
/// schema promises what nothing checks.
/// </summary>
internal sealed class JsonSchemaValidator(string schema)
{
    private readonly JsonElement _root = JsonDocument.Parse(schema).RootElement;

    /// <summary>What is wrong with the value, each with its place; empty when it is valid.</summary>
    public IReadOnlyList<string> Validate(string json)
    {
        using var document = JsonDocument.Parse(json);
        var errors = new List<string>();
        Check(_root, document.RootElement, "$", errors);
        return errors;
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var argument = keyword.Value;
            switch (keyword.Name)
            {
                case "$schema" or "$id" or "$defs" or "title" or "description":
                    break;
                case "$ref":
                    Check(Resolve(argument.GetString()!), value, path, errors);
                    break;
                case "type":
                    Require(IsOfType(value, argument.GetString()!), $"{path}: not of type {argument}", errors);
                    break;
                case "enum":
                    var known = argument.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value));
                    Require(known, $"{path}: {value} is none of {argument}", errors);
                    break;
                case "const":
                    Require(JsonElement.DeepEquals(argument, value), $"{path}: not {argument}", errors);
                    break;
                case "pattern":
                    Require(
                        value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, argument.GetString()!),
                        $"{path}: '{value}' does not match {argument}",
                        errors);
                    break;
                case "minimum":
                    var below = value.ValueKind == JsonValueKind.Number && value.GetDecimal() < argument.GetDecimal();
                    Require(!below, $"{path}: below {argument}", errors);
                    break;
                case "anyOf":
                    var fits = argument.EnumerateArray().Any(option => IsValid(option, value));
                    Require(fits, $"{path}: fits none of the alternatives", errors);
                    break;
                case "items":
                    CheckItems(argument, value, path, errors);
                    break;
                case "minItems":
                    Require(!IsArray(value, count => count < argument.GetInt32()), $"{path}: fewer than {argument} items", errors);
                    break;
                case "maxItems":
                    Require(!IsArray(value, count => count > argument.GetInt32()), $"{path}: more than {argument} items", errors);
                    break;
                case "required":
                    CheckRequired(argument, value, path, errors);
                    break;
                case "properties":
                    CheckProperties(argument, value, path, errors);
                    break;
                case "additionalProperties":
                    CheckAdditional(schema, argument, value, path, errors);
                    break;
                default:
                    throw new NotSupportedException($"{path}: the keyword {keyword.Name} is not checked by this validator.");
            }
        }
    }

    private bool IsValid(JsonElement schema, JsonElement value)
    {
        var errors = new List<string>();
        Check(schema, value, "$", errors);
        return errors.Count == 0;
    }

    private JsonElement Resolve(string reference)
    {
        var schema = _root;
        foreach (var step in reference.TrimStart('#', '/').Split('/'))
        {
            schema = schema.GetProperty(step);
        }

        return schema;
    }

    private static bool IsArray(JsonElement value, Func<int, bool> ofLength) =>
        value.ValueKind == JsonValueKind.Array && ofLength(value.GetArrayLength());

    private void CheckItems(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                Check(schema, item, $"{path}[{index++}]", errors);
            }
        }
    }

    private static void CheckRequired(JsonElement names, JsonElement value, string path, List<string> errors)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in names.EnumerateArray())
            {
                Require(value.TryGetProperty(name.GetString()!, out _), $"{path}: {name} is missing", errors);
            }
        }
    }

    private void CheckProperties(JsonElement properties, JsonElement value, string path, List<string> errors)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                if (properties.TryGetProperty(property.Name, out var schema))
                {
                    Check(schema, property.Value, $"{path}.{property.Name}", errors);
                }
            }
        }
    }

    private static void CheckAdditional(JsonElement schema, JsonElement allowed, JsonElement value, string path, List<string> errors)
    {
        if (value.ValueKind == JsonValueKind.Object && allowed.ValueKind == JsonValueKind.False)
        {
            var known = schema.GetProperty("properties");
            foreach (var property in value.EnumerateObject())
            {
                Require(known.TryGetProperty(property.Name, out _), $"{path}: {property.Name} is not known", errors);
            }
        }
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException($"There is no type {type}."),
    };

    private static void Require(bool condition, string error, List<string> errors)
    {
        if (!condition)
        {
            errors.Add(error);
        }
    }
}
