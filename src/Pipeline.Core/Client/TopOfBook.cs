using Pipeline.Core.Market;

namespace Pipeline.Core.Client;

/// <summary>The best levels of an order book after a change, best first. Immutable.</summary>
/// <param name="Id">The exchange's id of the update it stands at.</param>
/// <param name="EventTime">Microseconds since the Unix epoch, UTC; 0 where the exchange sends none.</param>
/// <param name="ReceivedTime">Arrival, same unit.</param>
public sealed record TopOfBook(
    Instrument Instrument, long Id, IReadOnlyList<BookLevel> Bids, IReadOnlyList<BookLevel> Asks, long EventTime, long ReceivedTime);
