namespace Pipeline.Gateway.Instruments;

/// <summary>The one instrument that a name stands for.</summary>
/// <param name="Fault">Why it stands for none; then the rest is empty.</param>
internal readonly record struct OneInstrument(string Venue, string Id, SymbolFault Fault = SymbolFault.None);
