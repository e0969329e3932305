using System.ComponentModel;
using System.Reflection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Pipeline.Gateway.Http.OpenApi;

/// <summary>Puts what a property is described as into its schema.</summary>
internal sealed class DescriptionFilter : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties })
        {
            return;
        }

        foreach (var property in context.Type.GetProperties())
        {
            var name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            if (property.GetCustomAttribute<DescriptionAttribute>() is { } description
                && properties.TryGetValue(name, out var part) && part is OpenApiSchema open)
            {
                open.Description = description.Description;
            }
        }
    }
}
