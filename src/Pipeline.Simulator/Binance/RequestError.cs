namespace Pipeline.Simulator.Binance;

/// <summary>A refusal of Binance's control protocol.</summary>
/// <param name="Code">0 to 4.</param>
/// <param name="Message">The venue's text.</param>
/// <param name="EchoesId">True when the answer carries the request's id.</param>
/// <param name="Closes">True when the connection is closed after the answer.</param>
internal sealed record RequestError(int Code, string Message, bool EchoesId = false, bool Closes = false)
{
    public static readonly RequestError UnknownProperty = new(0, "Unknown property", EchoesId: true);
    public static readonly RequestError NotBoolean = new(1, "Invalid value type: expected Boolean");
    public static readonly RequestError BadPropertyName = Invalid("property name must be a string");
    public static readonly RequestError BadId = Invalid("request ID must be an unsigned integer");
    public static readonly RequestError TooManyParameters = Invalid("too many parameters");
    public static readonly RequestError InvalidStream = new(2, "Invalid request: invalid stream", Closes: true);
    public static readonly RequestError TooManySubscriptions = new(4, "Too many subscriptions", Closes: true);

    public static RequestError Invalid(string reason) => new(2, $"Invalid request: {reason}");

    public static RequestError BadJson(string reason) => new(3, $"Invalid JSON: {reason}");
}
