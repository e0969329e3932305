using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology.Keys;

namespace Pipeline.Core.Topology;

/// <summary>The topology's keys as a JSON Schema, for editors.</summary>
public static class TopologySchema
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Text of <c>topology/topology.schema.json</c>, JSON Schema draft 2020-12.</summary>
    public static string ToJson(IReadOnlyList<KnownVenue> venues)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Pipeline topology",
            ["description"] = "What runs, where it connects and within which bounds. Made from the reader's own keys; do not edit.",
        };
        foreach (var (name, part) in TopologyKeys.Make(venues).ToSchema().ToList())
        {
            schema[name] = part?.DeepClone();
        }

        schema["$defs"] = new JsonObject
        {
            ["variable"] = new JsonObject
            {
                ["description"] = "An environment variable: ${NAME} or ${NAME:-default}.",
                ["type"] = "string",
                ["pattern"] = Variables.Pattern,
            },
        };
        return schema.ToJsonString(Layout) + "\n";
    }
}
