using System.Text.Json;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance.Rest;

/// <summary>Binance spot by HTTP. Protocol: <c>rest-api.md</c> of 2026-07-21.</summary>
/// <param name="http">Its handler should take compressed answers: the instrument list has megabytes.</param>
/// <param name="endpoint">Such as <c>https://api.binance.com</c>.</param>
/// <param name="metrics">Null = nobody counts.</param>
public sealed class BinanceSpotRest(HttpClient http, Uri endpoint, TimeProvider clock, PipelineMetrics? metrics = null)
    : BinanceRest("binance", BinanceRestRules.Spot, http, endpoint, clock, metrics)
{
    private protected override InstrumentInfo? ReadInstrument(JsonElement symbol) =>
        BinanceInstruments.ReadOne(symbol, Venue, InstrumentKind.Spot, "", StatusOf(symbol.GetProperty("status").GetString()));

    private static InstrumentStatus StatusOf(string? status) => status switch
    {
        "TRADING" => InstrumentStatus.Trading,
        "PRE_TRADING" => InstrumentStatus.PreOpen,

        // HALT, BREAK, CANCEL_ONLY (2026-07-07) and what is yet to come: listed, and nobody trades.
        _ => InstrumentStatus.Halted,
    };
}
