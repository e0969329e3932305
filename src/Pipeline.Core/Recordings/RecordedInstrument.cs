namespace Pipeline.Core.Recordings;

/// <summary>An instrument whose frames are in a recording.</summary>
/// <param name="Id">Our name, such as <c>BTC-USDT</c>.</param>
/// <param name="Symbol">The venue's own spelling.</param>
/// <param name="ContractSize">Base currency in one unit of its quantities, as decimal text; null = 1.</param>
public sealed record RecordedInstrument(string Id, string Symbol, string? ContractSize = null);
