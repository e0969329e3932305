using System.Text;
using Pipeline.Simulator.Binance.Rest;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary><c>/fapi/v1/exchangeInfo</c>.</summary>
internal static partial class FuturesRest
{
    private const long LargestPrice = 10_000_000 * FixedPoint.One;
    private const long LargestSteps = 1_000_000;

    private static void ExchangeInfo(RestRequest request, FrameBuilder json)
    {
        json.Text("{\"timezone\":\"UTC\",\"serverTime\":"u8).Integer(Ms(request.ServerTime)).Text(",\"futuresType\":\"U_MARGINED\""u8)
            .Text(",\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":"u8)
            .Integer(request.Rest.Budget.Limit)
            .Text("},{\"rateLimitType\":\"ORDERS\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":1200}"u8)
            .Text(",{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":300}]"u8)
            .Text(",\"exchangeFilters\":[],\"assets\":"u8);
        var quotes = request.Rest.Markets.Select(market => market.Spec.Quote).Distinct(StringComparer.Ordinal).ToList();
        RestRows.Array(json, quotes, quote => json.Text("{\"asset\":\""u8).Text(Asset(quote))
            .Text("\",\"marginAvailable\":true,\"autoAssetExchange\":\"-10000\"}"u8));
        json.Text(",\"symbols\":"u8);
        RestRows.Array(json, request.Rest.Markets, market => Symbol(json, market));
        json.Text("}"u8);
    }

    private static void Symbol(FrameBuilder json, RestMarket market)
    {
        var spec = market.Spec;
        json.Format = market.Format;
        json.Text("{\"symbol\":\""u8).Text(market.Symbol).Text("\",\"pair\":\""u8).Text(market.Symbol)
            .Text("\",\"contractType\":\"PERPETUAL\",\"deliveryDate\":4133404800000,\"onboardDate\":1569398400000"u8)
            .Text(",\"status\":\"TRADING\",\"maintMarginPercent\":\"2.5000\",\"requiredMarginPercent\":\"5.0000\",\"baseAsset\":\""u8)
            .Text(Asset(spec.Base)).Text("\",\"quoteAsset\":\""u8).Text(Asset(spec.Quote))
            .Text("\",\"marginAsset\":\""u8).Text(Asset(spec.Quote))
            .Text("\",\"pricePrecision\":"u8).Integer(market.Format.Price).Text(",\"quantityPrecision\":"u8).Integer(market.Format.Quantity)
            .Text(",\"baseAssetPrecision\":8,\"quotePrecision\":8,\"underlyingType\":\"COIN\",\"underlyingSubType\":[]"u8)
            .Text(",\"triggerProtect\":\"0.0500\",\"liquidationFee\":\"0.012500\",\"marketTakeBound\":\"0.05\""u8)
            .Text(",\"maxMoveOrderLimit\":10000,\"filters\":["u8);
        Filters(json, spec);
        json.Text("],\"orderTypes\":[\"LIMIT\",\"MARKET\",\"STOP\",\"STOP_MARKET\",\"TAKE_PROFIT\",\"TAKE_PROFIT_MARKET\""u8)
            .Text(",\"TRAILING_STOP_MARKET\"],\"timeInForce\":[\"GTC\",\"IOC\",\"FOK\",\"GTX\",\"GTD\"],\"permissionSets\":[\"GRID\",\"COPY\"]}"u8);
    }

    private static void Filters(FrameBuilder json, SymbolSpec spec)
    {
        var mostQuantity = spec.QuantityStep * LargestSteps;
        json.Text("{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\""u8).Price(spec.PriceStep).Text("\",\"maxPrice\":\""u8).Price(LargestPrice)
            .Text("\",\"tickSize\":\""u8).Price(spec.PriceStep)
            .Text("\"},{\"filterType\":\"LOT_SIZE\",\"stepSize\":\""u8).Quantity(spec.QuantityStep)
            .Text("\",\"maxQty\":\""u8).Quantity(mostQuantity).Text("\",\"minQty\":\""u8).Quantity(spec.QuantityStep)
            .Text("\"},{\"filterType\":\"MARKET_LOT_SIZE\",\"stepSize\":\""u8).Quantity(spec.QuantityStep)
            .Text("\",\"maxQty\":\""u8).Quantity(mostQuantity / 10).Text("\",\"minQty\":\""u8).Quantity(spec.QuantityStep)
            .Text("\"},{\"filterType\":\"MAX_NUM_ORDERS\",\"limit\":200},{\"filterType\":\"MAX_NUM_ALGO_ORDERS\",\"limit\":10}"u8)
            .Text(",{\"filterType\":\"MIN_NOTIONAL\",\"notional\":\"5\"},{\"filterType\":\"PERCENT_PRICE\",\"multiplierUp\":\"1.0500\""u8)
            .Text(",\"multiplierDown\":\"0.9500\",\"multiplierDecimal\":\"4\"}"u8);
    }

    private static byte[] Asset(string name) => Encoding.UTF8.GetBytes(name.ToUpperInvariant());
}
