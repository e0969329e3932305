namespace Pipeline.Simulator.Binance.Rest;

/// <summary>A request that is answered with HTTP 400 and one of the venue's codes.</summary>
internal sealed class RestException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;

    public static RestException InvalidSymbol() => new(-1121, "Invalid symbol.");

    public static RestException InvalidInterval() => new(-1120, "Invalid interval.");

    public static RestException BadCombination() => new(-1128, "Combination of optional parameters invalid.");

    public static RestException Missing(string parameter) =>
        new(-1102, $"Mandatory parameter '{parameter}' was not sent, was empty/null, or malformed.");

    public static RestException BadCharacters(string parameter, string legal) =>
        new(-1100, $"Illegal characters found in parameter '{parameter}'; legal range is '{legal}'.");

    public static RestException BadValue(string parameter) =>
        new(-1130, $"Data sent for parameter '{parameter}' is not valid.");
}
