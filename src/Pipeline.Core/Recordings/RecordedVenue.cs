namespace Pipeline.Core.Recordings;

/// <summary>What must be known of a venue to read its frames again as they were read live.</summary>
/// <param name="Name">Venue name, such as <c>binance</c>.</param>
/// <param name="TradeSource">Stream the trades came from, in the venue's word; it decides how their ids hang together.</param>
/// <param name="TimeUnit">Microseconds in one unit of its times.</param>
/// <param name="TakesEverySymbol">True when symbols were taken as they came, besides those listed.</param>
public sealed record RecordedVenue(
    string Name, string TradeSource, int TimeUnit, bool TakesEverySymbol, IReadOnlyList<RecordedInstrument> Instruments);
