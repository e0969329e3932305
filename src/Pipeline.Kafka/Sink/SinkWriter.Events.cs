using Pipeline.Core.Market;
using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.Sink;

internal sealed partial class SinkWriter
{
    private bool TryWrite(MarketBatch batch, MarketEvent marketEvent)
    {
        var index = marketEvent.Index;
        switch (marketEvent.Kind)
        {
            case MarketEventKind.Trade:
                ref var trade = ref batch.Trades[index];
                return MayTradesPass() && TrySend(_trades, trade.Instrument, _records.Write(trade), trade.ReceivedTime);
            case MarketEventKind.Quote:
                ref var quote = ref batch.Quotes[index];
                return TrySend(_quotes, quote.Instrument, _records.Write(quote), quote.ReceivedTime);
            case MarketEventKind.BookUpdate:
                ref var update = ref batch.BookUpdates[index];
                var levels = batch.Levels.Span.Slice(update.FirstLevel, update.Bids + update.Asks);
                return TrySend(_books, update.Instrument, _records.Write(update, levels), update.ReceivedTime);
            case MarketEventKind.Candle:
                return TryPass(batch.Candles[index], batch.Connection);
            case MarketEventKind.VenueCandle:
                return TryWrite(_venueCandles, batch.Candles[index]);
            case MarketEventKind.Ticker:
                ref var ticker = ref batch.Tickers[index];
                return TrySend(_tickers, ticker.Instrument, _records.Write(ticker), ticker.ReceivedTime);
            case MarketEventKind.MarkPrice:
                ref var mark = ref batch.MarkPrices[index];
                return TrySend(_markPrices, mark.Instrument, _records.Write(mark), mark.ReceivedTime);
            case MarketEventKind.FundingRate:
                ref var funding = ref batch.FundingRates[index];
                return TrySend(_fundingRates, funding.Instrument, _records.Write(funding), funding.ReceivedTime);
            case MarketEventKind.Liquidation:
                ref var liquidation = ref batch.Liquidations[index];
                return TrySend(_liquidations, liquidation.Instrument, _records.Write(liquidation), liquidation.ReceivedTime);
            case MarketEventKind.PriceTick:
                ref var tick = ref batch.PriceTicks[index];
                var signature = batch.Bytes.Span.Slice(tick.SignatureAt, tick.SignatureLength);
                return MayTradesPass() && TrySend(_prices, tick.Instrument, _records.Write(tick, signature), tick.ReceivedTime);
            case MarketEventKind.Health:
                ref var health = ref batch.Health[index];
                return TrySendKeyed(_health, health.Instrument, RecordKey.OfHealth(health, ref _key), _records.Write(health), health.Since);
            case MarketEventKind.Instrument:
                return TryWriteInstrument(batch.Instruments[index]);
            case MarketEventKind.Status:
                return TryWriteStatus(batch.Statuses[index]);
            case MarketEventKind.DeadLetter:
                ref var letter = ref batch.DeadLetters[index];
                return TryWriteDeadLetter(letter, batch.Bytes.Span.Slice(letter.Offset, letter.Length));
            case MarketEventKind.Gap:
                return TryWrite(batch.Gaps[index], batch.Connection);
            case MarketEventKind.Audit:
                var finding = batch.Audits[index];
                return TrySendKeyed(_audits, finding.Instrument, RecordKey.OfAudit(finding, ref _key), _records.Write(finding), finding.FoundTime);
            case MarketEventKind.State:
                // States are taken behind everything else, wherever they stand: they count all of their batch.
                return true;
            default:
                throw new InvalidOperationException($"There is no topic for records of kind {marketEvent.Kind}.");
        }
    }
}
