using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Pipeline.Gateway.Http.OpenApi;

/// <summary>The description of the HTTP API at <c>/openapi.json</c>, and a page to try it, which needs nothing from elsewhere.</summary>
internal static class OpenApiSetup
{
    /// <summary>Where the page is; <c>/swagger-ui</c> leads there.</summary>
    public const string Page = "/swagger/index.html";

    private const string Document = "openapi";

    public static void Add(IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(Document, new OpenApiInfo
            {
                Title = "Pipeline gateway",
                Version = "1",
                Description = "Live market data: how fresh it is, who is connected, and what is missing. The data itself comes over the WebSocket /ws. "
                    + "Times are microseconds since the Unix epoch, UTC, unless a field says otherwise.",
            });
            options.AddSecurityDefinition("bearer", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "Needed where the topology sets gateway.tokens or gateway.jwt; administrative calls need gateway.adminToken where it is set.",
            });
            options.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] });
            options.SupportNonNullableReferenceTypes();
            options.OperationFilter<QueryParameterFilter>();
            options.SchemaFilter<DescriptionFilter>();
        });
    }

    public static void Use(WebApplication application)
    {
        application.UseSwagger(options => options.RouteTemplate = "{documentName:regex(^openapi$)}.json");
        application.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "swagger";
            options.SwaggerEndpoint("/openapi.json", "Pipeline gateway");
            options.DocumentTitle = "Pipeline gateway";
            options.EnableTryItOutByDefault();
        });
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in new[] { "/swagger-ui", "/swagger-ui/{*rest}", "/docs" })
        {
            routes.MapGet(path, () => Results.Redirect(Page)).ExcludeFromDescription();
        }
    }
}
