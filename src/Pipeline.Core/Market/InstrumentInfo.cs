namespace Pipeline.Core.Market;

/// <summary>What a venue says about one of its instruments; the value of <c>md.instruments</c>. Null = the venue does not say.</summary>
/// <param name="Id">Ours: <c>BTC-USDT</c>, <c>BTC-USDT-PERP</c>, a mint address.</param>
/// <param name="Symbol">The venue's own spelling.</param>
/// <param name="PriceStep">Smallest price change.</param>
/// <param name="QuantityStep">Smallest quantity, in the unit in which the venue counts.</param>
/// <param name="ContractSize">Base currency in one unit of quantity where the venue counts contracts, else null.</param>
public sealed record InstrumentInfo(
    string Venue,
    string Id,
    string Symbol,
    InstrumentKind Kind,
    string Base,
    string Quote,
    Number? PriceStep,
    Number? QuantityStep,
    Number? ContractSize,
    InstrumentStatus Status);
