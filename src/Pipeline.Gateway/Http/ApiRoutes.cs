using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pipeline.Gateway.Http;

/// <summary>Maps paths so that parameters are checked, described, and errors have one shape.</summary>
internal static class ApiRoutes
{
    /// <summary>Maps a path that answers JSON.</summary>
    /// <typeparam name="T">The body of a good answer.</typeparam>
    public static RouteHandlerBuilder Answer<T>(
        this IEndpointRouteBuilder routes,
        string method,
        string path,
        string tag,
        string summary,
        IReadOnlyList<QueryParameter> parameters,
        Func<HttpContext, QueryReader, Task<IResult>> answer) =>
        routes.MapMethods(path, [method], (Delegate)(Func<HttpContext, Task<IResult>>)(call =>
            {
                var query = QueryReader.Of(call.Request, parameters);
                return query.Fault is { } fault
                    ? Task.FromResult(Results.Json(new ApiError("INVALID_PARAMETER", fault), statusCode: StatusCodes.Status400BadRequest))
                    : answer(call, query);
            }))
            .WithMetadata(new QueryParameters(parameters))
            .WithTags(tag)
            .WithSummary(summary)
            .Produces<T>()
            .Produces<ApiError>(StatusCodes.Status400BadRequest);
}
