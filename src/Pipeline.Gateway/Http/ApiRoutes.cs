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
        Func<HttpContext, QueryReader, IResult> answer) =>
        routes.MapMethods(path, [method], (Delegate)(Func<HttpContext, IResult>)(call =>
            {
                var query = QueryReader.Of(call.Request, parameters);
                return query.Fault is { } fault
                    ? Results.Json(new ApiError("INVALID_PARAMETER", fault), statusCode: StatusCodes.Status400BadRequest)
                    : answer(call, query);
            }))
            .Describe(tag, summary, parameters)
            .Produces<T>()
            .Produces<ApiError>(StatusCodes.Status400BadRequest);

    /// <summary>Maps a path that reads its parameters itself, takes no offence at others, and writes its own body.</summary>
    public static RouteHandlerBuilder Tell(
        this IEndpointRouteBuilder routes,
        string path,
        string tag,
        string summary,
        IReadOnlyList<QueryParameter> parameters,
        Func<HttpContext, Task<IResult>> answer,
        string contentType = "application/json") =>
        routes.MapMethods(path, ["GET"], (Delegate)answer)
            .Describe(tag, summary, parameters)
            .Produces<object>(StatusCodes.Status200OK, contentType);

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string tag, string summary, IReadOnlyList<QueryParameter> parameters) =>
        route.WithMetadata(new QueryParameters(parameters)).WithTags(tag).WithSummary(summary);
}
