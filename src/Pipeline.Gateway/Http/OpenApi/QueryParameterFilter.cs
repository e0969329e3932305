using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Pipeline.Gateway.Http.OpenApi;

/// <summary>Describes the parameters that a path checks.</summary>
internal sealed class QueryParameterFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var parameter in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<QueryParameters>().SelectMany(one => one.All))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Required = parameter.IsRequired,
                Schema = SchemaOf(parameter),
            });
        }
    }

    private static OpenApiSchema SchemaOf(QueryParameter parameter) => parameter switch
    {
        { IsInteger: true } => new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Minimum = FormattableString.Invariant($"{parameter.Minimum}"),
            Maximum = FormattableString.Invariant($"{parameter.Maximum}"),
            Default = JsonValue.Create(parameter.Default),
        },
        { Words.Count: > 0 } => new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. parameter.Words.Select(word => (JsonNode)word)] },
        { Form: var (pattern, _) } => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern.ToString() },
        _ => new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 200 },
    };
}
