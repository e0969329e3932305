using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Binance;

/// <summary>What spot sends. Shapes: <c>web-socket-streams.md</c> of 2026-07-21.</summary>
internal readonly struct BinanceSpotMarket : IBinanceMarket
{
    public static bool TryPredict(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into) =>
        BinanceSpotPredictiveReader.TryRead(frame, symbols, into);

    public static string? Add(ReadOnlySpan<byte> payload, in BinanceFields fields, SymbolTable symbols, VenueBatch into) => fields.Event switch
    {
        BinanceEvent.Trade => BinanceRecords.AddTrade(fields, into),
        BinanceEvent.AggregateTrade => BinanceRecords.AddAggregateTrade(fields, into),
        BinanceEvent.BookTicker => BinanceRecords.AddQuote(fields, into),
        BinanceEvent.DepthUpdate => BinanceRecords.AddDepth(payload, fields, isPartial: false, into),
        BinanceEvent.Kline => BinanceKlineReader.Add(payload, fields, into),
        BinanceEvent.Ticker => BinanceRecords.AddTicker(fields, into),
        BinanceEvent.None when fields.LastUpdateId is not null => BinanceRecords.AddPartialBook(payload, fields, into),
        BinanceEvent.None when fields.Bid is not null || fields.Ask is not null => BinanceRecords.AddQuote(fields, into),
        _ => DeadLetterReason.UnknownEvent,
    };
}
