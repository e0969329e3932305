namespace Pipeline.Simulator.Okx;

/// <summary>The request is refused with the venue's code and text.</summary>
internal sealed class OkxRestException(string code, string message, int status = 200) : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>HTTP status: most refusals are answered with 200.</summary>
    public int Status { get; } = status;

    public static OkxRestException BadParameter(string name) => new("51000", $"Parameter {name} error");

    public static OkxRestException NoInstrument() => new("51001", "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
}
