using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Scanning;

/// <summary>
/// How full a batch was before a frame of several rows: when the frame turns out bad behind its first rows, they are taken back. Knows
/// the kinds that venue parsers add by rows; dead letters are added last and never taken back.
/// </summary>
internal readonly ref struct BatchMark(VenueBatch batch)
{
    private readonly VenueBatch _batch = batch;
    private readonly int _events = batch.Events.Count;
    private readonly int _levels = batch.Levels.Count;
    private readonly int _unwanted = batch.Unwanted;

    /// <summary>Takes back everything added since the mark was made.</summary>
    public void Restore()
    {
        // Backwards: the first event of a kind that is met last says how long its list was.
        for (var i = _batch.Events.Count - 1; i >= _events; i--)
        {
            var happened = _batch.Events[i];
            switch (happened.Kind)
            {
                case MarketEventKind.Trade:
                    _batch.Trades.Truncate(happened.Index);
                    break;
                case MarketEventKind.Quote:
                    _batch.Quotes.Truncate(happened.Index);
                    break;
                case MarketEventKind.BookUpdate:
                    _batch.BookUpdates.Truncate(happened.Index);
                    break;
                case MarketEventKind.VenueCandle:
                    _batch.Candles.Truncate(happened.Index);
                    break;
                case MarketEventKind.Ticker:
                    _batch.Tickers.Truncate(happened.Index);
                    break;
                case MarketEventKind.MarkPrice:
                    _batch.MarkPrices.Truncate(happened.Index);
                    break;
                case MarketEventKind.FundingRate:
                    _batch.FundingRates.Truncate(happened.Index);
                    break;
                case MarketEventKind.Liquidation:
                    _batch.Liquidations.Truncate(happened.Index);
                    break;
                default:
                    throw new InvalidOperationException($"A row of kind {happened.Kind} cannot be taken back.");
            }
        }

        _batch.Events.Truncate(_events);
        _batch.Levels.Truncate(_levels);
        _batch.Unwanted = _unwanted;
    }
}
