namespace Pipeline.Gateway.WebSockets.Requests;

/// <summary>Codes of error messages of <c>/ws</c>. README.md explains them; a test holds the two together.</summary>
internal static class ErrorCodes
{
    public const string InvalidJson = "INVALID_JSON";

    public const string InvalidRequest = "INVALID_REQUEST";

    public const string UnknownOp = "UNKNOWN_OP";

    public const string InvalidFilter = "INVALID_FILTER";

    public const string InvalidResume = "INVALID_RESUME";

    public const string UnknownFilter = "UNKNOWN_FILTER";

    public const string SubscriptionLimit = "SUBSCRIPTION_LIMIT";

    public const string RateLimited = "RATE_LIMITED";

    public const string Unavailable = "UNAVAILABLE";

    public static IReadOnlyList<string> All { get; } =
        [InvalidJson, InvalidRequest, UnknownOp, InvalidFilter, InvalidResume, UnknownFilter, SubscriptionLimit, RateLimited, Unavailable];
}
