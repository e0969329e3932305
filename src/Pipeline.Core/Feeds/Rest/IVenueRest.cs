using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Rest;

/// <summary>
/// What repair, snapshots and instrument lists need of a venue's HTTP interface. Safe from several threads; calls wait their turn under
/// the venue's budget. Every method throws <see cref="VenueRestException"/> when the venue does not answer as asked, and
/// <see cref="OperationCanceledException"/> when cancelled.
/// <para>
/// Methods that fill a <see cref="VenueBatch"/> append records as the venue's stream would have brought them, oldest first, and return
/// how many. The batch's <see cref="VenueBatch.Source"/> must name the venue and know the symbol; times come in its unit.
/// </para>
/// </summary>
public interface IVenueRest
{
    string Venue { get; }

    /// <summary>Everything the venue lists, of the kinds this adapter takes.</summary>
    Task<IReadOnlyList<InstrumentInfo>> GetInstrumentsAsync(CancellationToken cancellation);

    /// <summary>Turnover of the last 24 hours by symbol, quote currency (or the venue's nearest to it); to rank instruments.</summary>
    Task<IReadOnlyDictionary<string, Number>> GetTurnoverAsync(CancellationToken cancellation);

    /// <summary>Microseconds since the Unix epoch.</summary>
    Task<long> GetServerTimeAsync(CancellationToken cancellation);

    /// <summary>
    /// Trades with the lowest ids from <paramref name="fromId"/> on, as many as one page holds, none between them left out; the newest page
    /// when it is null. Without an id the request is urgent, with one it is repair's and leaves a share of the budget to the others.
    /// </summary>
    /// <param name="tradeSource">The stream whose ids are meant, in the venue's word.</param>
    /// <param name="limit">Most rows; cut to what the venue allows.</param>
    Task<int> GetTradesAsync(
        string symbol, string tradeSource, long? fromId, int limit, VenueBatch into, CancellationToken cancellation);

    /// <summary>The venue's own candles whose open time lies in <c>[from, to)</c>, microseconds; at most one page.</summary>
    Task<int> GetCandlesAsync(
        string symbol, CandleInterval interval, long from, long to, VenueBatch into, CancellationToken cancellation);

    /// <summary>The order book now, as a <see cref="BookUpdateKind.Snapshot"/> of at least <paramref name="depth"/> levels a side where it has them.</summary>
    Task<int> GetBookAsync(string symbol, int depth, VenueBatch into, CancellationToken cancellation);
}
