namespace Pipeline.Simulator.Bybit;

/// <summary>The request is refused with code 10001 and this text.</summary>
internal sealed class BybitRestException(string message) : Exception(message);
