namespace Pipeline.Simulator.Okx;

/// <summary>A refused request or argument; the connection lives on.</summary>
internal sealed record OkxError(string Code, string Message)
{
    private const string MoreDetails = "More details can refer to: "
        + "https://www.okx.com/help-center/changes-to-v5-api-websocket-subscription-parameter-and-url.";

    public static readonly OkxError BadArgs = new("60013", "Invalid args");

    public static readonly OkxError BadId = new("60033", "Parameter id error");

    public static readonly OkxError BadKey = new("60005", "Invalid apiKey");

    public static readonly OkxError LoginNeeded = new("60011", "Please log in");

    public static readonly OkxError TooFrequent = new("60014", "Requests too frequent");

    public static readonly OkxError UseBusiness = new(
        "64001", $"This channel has been migrated to the '/business' URL. Please subscribe using the new URL. {MoreDetails}");

    public static readonly OkxError NotOnBusiness = new(
        "64002",
        "This channel is not supported by \"/business\" URL. Please use \"/private\" URL(for private channels), or \"/public\" URL"
        + $"(for public channels). {MoreDetails}");

    public static readonly OkxError TierTooLow = new(
        "64003", "Your trading fee tier doesn't meet the requirement to access this channel");

    public static OkxError BadRequest(string text) => new("60012", $"Illegal request: {text}");

    public static OkxError BadOperation(string operation) => new("60019", $"Invalid op: {operation}");

    public static OkxError NotFound(OkxArg arg)
    {
        var name = arg.Key.Length == 0 ? $"channel:{arg.Channel}" : $"channel:{arg.Channel},{arg.Key}:{arg.Value}";
        return new OkxError(
            "60018",
            $"Wrong URL or {name} doesn't exist. Please use the correct URL, channel and parameters referring to API document.");
    }
}
