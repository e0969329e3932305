using System.ComponentModel;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Gateway.Http;

/// <summary>Body of every answer that is an error. It never repeats what was sent.</summary>
internal sealed record ApiError(
    [property: Description("Stable name of the error, such as INVALID_PARAMETER.")] string Code,
    [property: Description("What is wrong, for people.")] string Message,
    [property: Description("When to try again, milliseconds; 0 = not before something was changed.")] long RetryAfterMs = 0)
{
    public static IResult Answer(int status, string message) => Results.Json(Of(status, message), statusCode: status);

    public static ApiError Of(int status, string? message = null, long retryAfterMs = 0) => status switch
    {
        400 => new("INVALID_REQUEST", message ?? "The request is not understood.", retryAfterMs),
        401 => new("UNAUTHORIZED", message ?? "A valid token is needed: Authorization: Bearer.", retryAfterMs),
        403 => new("FORBIDDEN", message ?? "This is not allowed from there.", retryAfterMs),
        404 => new("NOT_FOUND", message ?? "There is no such path.", retryAfterMs),
        405 => new("METHOD_NOT_ALLOWED", message ?? "This path is not asked for with this method.", retryAfterMs),
        408 => new("TIMEOUT", message ?? "The request did not come in time.", retryAfterMs),
        413 => new("TOO_LARGE", message ?? "The request is too large.", retryAfterMs),
        415 => new("UNSUPPORTED_MEDIA_TYPE", message ?? "The body is of another kind than the path takes.", retryAfterMs),
        429 => new("RATE_LIMITED", message ?? "Too many from this address.", retryAfterMs),
        503 => new("UNAVAILABLE", message ?? "The gateway cannot answer this now.", retryAfterMs),
        < 500 => new("INVALID_REQUEST", message ?? "The request is not understood.", retryAfterMs),
        _ => new("INTERNAL", message ?? "The gateway failed to answer this.", retryAfterMs),
    };
}
