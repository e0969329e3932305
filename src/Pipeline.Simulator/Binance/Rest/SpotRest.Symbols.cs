using System.Text;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Rest;

/// <summary><c>/api/v3/exchangeInfo</c>.</summary>
internal static partial class SpotRest
{
    private const long LargestPrice = 10_000_000 * FixedPoint.One;
    private const long LargestSteps = 10_000_000;

    private static void ExchangeInfo(RestRequest request, FrameBuilder json)
    {
        var markets = request.Markets();

        // Everything is listed for spot trading and nothing is halted: other permissions and states leave nothing over.
        if (request.Text("symbolStatus") is { } status && status != "TRADING")
        {
            markets = [];
        }

        if (request.Text("permissions") is { } permissions && !permissions.Contains("SPOT", StringComparison.Ordinal))
        {
            markets = [];
        }

        json.Text("{\"timezone\":\"UTC\",\"serverTime\":"u8).Integer(request.ServerTime / request.Divisor)
            .Text(",\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":"u8)
            .Integer(request.Rest.Budget.Limit)
            .Text("},{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":100}"u8)
            .Text(",{\"rateLimitType\":\"ORDERS\",\"interval\":\"DAY\",\"intervalNum\":1,\"limit\":200000}"u8)
            .Text(",{\"rateLimitType\":\"RAW_REQUESTS\",\"interval\":\"MINUTE\",\"intervalNum\":5,\"limit\":300000}]"u8)
            .Text(",\"exchangeFilters\":[],\"symbols\":"u8);
        RestRows.Array(json, markets, market => Symbol(json, market));
        json.Text("}"u8);
    }

    private static void Symbol(FrameBuilder json, RestMarket market)
    {
        var spec = market.Spec;
        json.Text("{\"symbol\":\""u8).Text(market.Symbol).Text("\",\"status\":\"TRADING\",\"baseAsset\":\""u8).Text(Asset(spec.Base))
            .Text("\",\"baseAssetPrecision\":8,\"quoteAsset\":\""u8).Text(Asset(spec.Quote))
            .Text("\",\"quotePrecision\":8,\"quoteAssetPrecision\":8,\"baseCommissionPrecision\":8,\"quoteCommissionPrecision\":8"u8)
            .Text(",\"orderTypes\":[\"LIMIT\",\"LIMIT_MAKER\",\"MARKET\",\"STOP_LOSS\",\"STOP_LOSS_LIMIT\",\"TAKE_PROFIT\""u8)
            .Text(",\"TAKE_PROFIT_LIMIT\"],\"icebergAllowed\":true,\"ocoAllowed\":true,\"otoAllowed\":true,\"opoAllowed\":true"u8)
            .Text(",\"quoteOrderQtyMarketAllowed\":true,\"allowTrailingStop\":true,\"cancelReplaceAllowed\":true,\"amendAllowed\":true"u8)
            .Text(",\"pegInstructionsAllowed\":true,\"isSpotTradingAllowed\":true,\"isMarginTradingAllowed\":false,\"filters\":["u8);
        Filters(json, spec);
        json.Text("],\"permissions\":[],\"permissionSets\":[[\"SPOT\"]],\"defaultSelfTradePreventionMode\":\"EXPIRE_MAKER\""u8)
            .Text(",\"allowedSelfTradePreventionModes\":[\"EXPIRE_TAKER\",\"EXPIRE_MAKER\",\"EXPIRE_BOTH\",\"DECREMENT\"]}"u8);
    }

    private static void Filters(FrameBuilder json, SymbolSpec spec)
    {
        var mostQuantity = spec.QuantityStep * LargestSteps;
        json.Text("{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\""u8).Price(spec.PriceStep).Text("\",\"maxPrice\":\""u8).Price(LargestPrice)
            .Text("\",\"tickSize\":\""u8).Price(spec.PriceStep)
            .Text("\"},{\"filterType\":\"LOT_SIZE\",\"minQty\":\""u8).Quantity(spec.QuantityStep)
            .Text("\",\"maxQty\":\""u8).Quantity(mostQuantity).Text("\",\"stepSize\":\""u8).Quantity(spec.QuantityStep)
            .Text("\"},{\"filterType\":\"ICEBERG_PARTS\",\"limit\":100}"u8)
            .Text(",{\"filterType\":\"MARKET_LOT_SIZE\",\"minQty\":\"0.00000000\",\"maxQty\":\""u8).Quantity(mostQuantity / 100)
            .Text("\",\"stepSize\":\"0.00000000\"},{\"filterType\":\"TRAILING_DELTA\",\"minTrailingAboveDelta\":10"u8)
            .Text(",\"maxTrailingAboveDelta\":2000,\"minTrailingBelowDelta\":10,\"maxTrailingBelowDelta\":2000}"u8)
            .Text(",{\"filterType\":\"PERCENT_PRICE_BY_SIDE\",\"bidMultiplierUp\":\"5\",\"bidMultiplierDown\":\"0.2\""u8)
            .Text(",\"askMultiplierUp\":\"5\",\"askMultiplierDown\":\"0.2\",\"avgPriceMins\":5}"u8)
            .Text(",{\"filterType\":\"NOTIONAL\",\"minNotional\":\"5.00000000\",\"applyMinToMarket\":true"u8)
            .Text(",\"maxNotional\":\"9000000.00000000\",\"applyMaxToMarket\":false,\"avgPriceMins\":5}"u8)
            .Text(",{\"filterType\":\"MAX_NUM_ORDERS\",\"maxNumOrders\":200},{\"filterType\":\"MAX_NUM_ALGO_ORDERS\",\"maxNumAlgoOrders\":5}"u8);
    }

    private static byte[] Asset(string name) => Encoding.UTF8.GetBytes(name.ToUpperInvariant());
}
