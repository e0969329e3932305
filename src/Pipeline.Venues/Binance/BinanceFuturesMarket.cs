using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Binance;

/// <summary>What USDⓈ-M futures send. Shapes: the stream pages of <c>developers.binance.com</c>, seen 2026-10.</summary>
internal readonly struct BinanceFuturesMarket : IBinanceMarket
{
    public static bool TryPredict(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into) =>
        BinanceFuturesPredictiveReader.TryRead(frame, symbols, into);

    public static string? Add(ReadOnlySpan<byte> payload, in BinanceFields fields, SymbolTable symbols, VenueBatch into)
    {
        if (fields.IsCoinMargined)
        {
            into.Unwanted++;
            return null;
        }

        return fields.Event switch
        {
            BinanceEvent.Trade => BinanceRecords.AddTrade(fields, into),
            BinanceEvent.AggregateTrade => BinanceRecords.AddAggregateTrade(fields, into),
            BinanceEvent.BookTicker => BinanceRecords.AddQuote(fields, into),
            BinanceEvent.DepthUpdate => BinanceRecords.AddDepth(payload, fields, isPartial: fields.IsPartialBook, into),
            BinanceEvent.Kline => BinanceKlineReader.Add(payload, fields, into),
            BinanceEvent.Ticker => BinanceRecords.AddTicker(fields, into),
            BinanceEvent.MarkPrice => BinanceRecords.AddMarkPrice(fields, into),
            BinanceEvent.Liquidation => BinanceLiquidationReader.Add(payload, fields, symbols, into),
            _ => DeadLetterReason.UnknownEvent,
        };
    }
}
