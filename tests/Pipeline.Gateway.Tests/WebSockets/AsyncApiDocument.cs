using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tests.Kafka;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Gateway.Tests.WebSockets;

/// <summary>The written description of the protocol.</summary>
internal sealed class AsyncApiDocument
{
    private readonly JsonNode _root;
    private readonly string _schemas;

    private AsyncApiDocument(JsonNode root)
    {
        _root = root;
        _schemas = root["components"]!["schemas"]!.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
    }

    public static AsyncApiDocument Read()
    {
        using var text = new StreamReader(Path.Combine(AppContext.BaseDirectory, "Documents", "asyncapi.yaml"));
        var yaml = new YamlStream();
        yaml.Load(text);
        return new AsyncApiDocument(ToJson(yaml.Documents[0].RootNode)!);
    }

    /// <summary>Every example: of which message, the answer it names, the payload.</summary>
    public IEnumerable<(string Message, string? Answer, string Payload)> Examples() =>
        from message in _root["components"]!["messages"]!.AsObject()
        from example in message.Value!["examples"]!.AsArray()
        select (message.Key, example!["x-answer"]?.GetValue<string>(), example["payload"]!.ToJsonString());

    /// <summary>What is wrong with a message; empty when it is as described.</summary>
    /// <param name="message">Name of the message.</param>
    public IReadOnlyList<string> Validate(string message, string json)
    {
        var reference = _root["components"]!["messages"]![message]!["payload"]!["$ref"]!.GetValue<string>();
        var schema = $$"""{"$ref":"#/$defs/{{reference.Split('/')[^1]}}","$defs":{{_schemas}}}""";
        return new JsonSchemaValidator(schema).Validate(json);
    }

    /// <summary>The message that has this <c>type</c> on the wire.</summary>
    public static string MessageOf(string type) => type == "list" ? "filters" : type;

    public IEnumerable<string> ErrorCodes() =>
        _root["components"]!["schemas"]!["Error"]!["properties"]!["code"]!["enum"]!.AsArray().Select(code => code!.GetValue<string>());

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair =>
            new KeyValuePair<string, JsonNode?>(((YamlScalarNode)pair.Key).Value!, ToJson(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } plain } when IsPlainJson(plain) => JsonNode.Parse(plain),
        _ => ((YamlScalarNode)node).Value,
    };

    private static bool IsPlainJson(string text)
    {
        try
        {
            return JsonNode.Parse(text)?.GetValueKind() is null or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
