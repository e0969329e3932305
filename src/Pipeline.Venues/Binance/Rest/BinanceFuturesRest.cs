using System.Text.Json;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance.Rest;

/// <summary>Binance USDⓈ-M futures by HTTP, perpetuals. Protocol: <c>developers.binance.com</c> and measurements of 2026-10.</summary>
/// <param name="http">Its handler should take compressed answers: the instrument list has megabytes.</param>
/// <param name="endpoint">Such as <c>https://fapi.binance.com</c>.</param>
/// <param name="metrics">Null = nobody counts.</param>
public sealed class BinanceFuturesRest(HttpClient http, Uri endpoint, TimeProvider clock, PipelineMetrics? metrics = null)
    : BinanceRest("binance-futures", BinanceRestRules.Futures, http, endpoint, clock, metrics)
{
    private protected override InstrumentInfo? ReadInstrument(JsonElement symbol) =>
        symbol.GetProperty("contractType").GetString() == "PERPETUAL"
            ? BinanceInstruments.ReadOne(symbol, Venue, InstrumentKind.Perpetual, InstrumentNames.PerpetualSuffix, StatusOf(symbol.GetProperty("status").GetString()))
            : null;

    private static InstrumentStatus StatusOf(string? status) => status switch
    {
        "TRADING" => InstrumentStatus.Trading,
        "PENDING_TRADING" => InstrumentStatus.PreOpen,
        "DELIVERED" or "CLOSE" => InstrumentStatus.Delisted,

        // PRE_DELIVERING, DELIVERING, PRE_SETTLE, SETTLING and what is yet to come: listed, and nobody trades.
        _ => InstrumentStatus.Halted,
    };
}
