using Pipeline.Simulator.Binance.Rest;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>The market data part of the futures REST interface, fields in the venue's order; weights as measured 2026-10-07.</summary>
internal static partial class FuturesRest
{
    private const int MostTrades = 1_000;
    private const int MostBars = 1_500;
    private const int DefaultRows = 500;
    private const int DefaultFundings = 100;
    private const long TradesKept = 2 * RollingStatistics.Day;

    public static readonly IReadOnlyDictionary<string, RestEndpoint> Endpoints = new Dictionary<string, RestEndpoint>(StringComparer.Ordinal)
    {
        ["/fapi/v1/ping"] = new(_ => 1, (_, json) => json.Text("{}"u8)),
        ["/fapi/v1/time"] = new(_ => 1, (request, json) => json.Text("{\"serverTime\":"u8).Integer(Ms(request.ServerTime)).Text("}"u8)),
        ["/fapi/v1/exchangeInfo"] = new(_ => 1, ExchangeInfo),
        ["/fapi/v1/depth"] = new(DepthWeight, Depth),
        ["/fapi/v1/trades"] = new(_ => 5, (request, json) => Trades(request, json, historical: false)),
        ["/fapi/v1/historicalTrades"] = new(_ => 20, (request, json) => Trades(request, json, historical: true)),
        ["/fapi/v1/aggTrades"] = new(_ => 20, AggregateTrades),
        ["/fapi/v1/klines"] = new(KlinesWeight, Klines),
        ["/fapi/v1/premiumIndex"] = new(request => request.Has("symbol") ? 1 : 10, PremiumIndex),
        ["/fapi/v1/fundingRate"] = new(_ => FundingBudget.Weight, FundingRates),
        ["/fapi/v1/fundingInfo"] = new(_ => FundingBudget.Weight, (_, json) => json.Text("[]"u8)),
        ["/fapi/v1/ticker/24hr"] = new(request => request.Has("symbol") ? 1 : 40, Ticker),
        ["/fapi/v1/ticker/price"] = new(request => request.Has("symbol") ? 1 : 2, PriceTicker),
        ["/fapi/v2/ticker/price"] = new(request => request.Has("symbol") ? 1 : 2, PriceTicker),
        ["/fapi/v1/ticker/bookTicker"] = new(request => request.Has("symbol") ? 2 : 5, BookTicker),
    };

    private static int DepthWeight(RestRequest request) => request.RawLimit(0) switch
    {
        <= 0 => 1,
        <= 50 => 2,
        <= 100 => 5,
        <= 500 => 10,
        _ => 20,
    };

    private static int KlinesWeight(RestRequest request) => request.RawLimit(0) switch
    {
        <= 0 => 5,
        <= 100 => 1,
        <= 500 => 2,
        <= 1_000 => 5,
        _ => 10,
    };

    private static void Depth(RestRequest request, FrameBuilder json)
    {
        var market = Market(request, json);
        var limit = request.Integer("limit") ?? DefaultRows;
        if (limit is not (5 or 10 or 20 or 50 or 100 or 500 or 1_000))
        {
            throw new RestException(-4021, $"{limit} is not valid depth limit");
        }

        // As the venue's, the snapshot ends with a book update, so that there is always one that it lies in.
        var book = request.Rest.ReadBook(market, (int)limit, atInterval: true);
        json.Text("{\"lastUpdateId\":"u8).Integer(book.UpdateId).Text(",\"E\":"u8).Integer(Ms(request.Now))
            .Text(",\"T\":"u8).Integer(Ms(request.Now)).Text(",\"bids\":["u8);
        BinancePayload.Levels(json, book.Bids);
        json.Text("],\"asks\":["u8);
        BinancePayload.Levels(json, book.Asks);
        json.Text("]}"u8);
    }

    private static void Trades(RestRequest request, FrameBuilder json, bool historical)
    {
        var market = Market(request, json);
        var trades = RestRows.ReadTrades(request, market, request.Limit(DefaultRows, MostTrades), historical);
        RestRows.Array(json, trades, trade => json.Text("{\"id\":"u8).Integer(trade.Id).Text(",\"price\":\""u8).Price(trade.Price)
            .Text("\",\"qty\":\""u8).Quantity(trade.Quantity).Text("\",\"quoteQty\":\""u8).Turnover((Int128)trade.Price * trade.Quantity)
            .Text("\",\"time\":"u8).Integer(Ms(trade.Time)).Text(",\"isBuyerMaker\":"u8).Flag(!trade.TakerBuys)
            .Text(",\"isRPITrade\":false}"u8));
    }

    private static void AggregateTrades(RestRequest request, FrameBuilder json)
    {
        var market = Market(request, json);
        if ((request.Time("startTime") ?? request.Time("endTime")) is { } time && time < request.Now - TradesKept)
        {
            throw new RestException(-4166, "Search window is restricted to recent 2 days only.");
        }

        var trades = RestRows.ReadAggregates(request, market, request.Limit(DefaultRows, MostTrades));
        RestRows.Array(json, trades, trade => json.Text("{\"a\":"u8).Integer(trade.Id).Text(",\"p\":\""u8).Price(trade.Price)
            .Text("\",\"q\":\""u8).Quantity(trade.Quantity).Text("\",\"nq\":\""u8).Quantity(trade.Quantity)
            .Text("\",\"f\":"u8).Integer(trade.FirstId).Text(",\"l\":"u8).Integer(trade.LastId)
            .Text(",\"T\":"u8).Integer(Ms(trade.Time)).Text(",\"m\":"u8).Flag(!trade.TakerBuys).Text("}"u8));
    }

    private static void Klines(RestRequest request, FrameBuilder json)
    {
        var market = Market(request, json);
        var interval = request.Text("interval") ?? throw RestException.Missing("interval");
        var series = KlineKey.Find(interval);
        if (series < 0 || KlineKey.All[series].Interval == KlineInterval.OneSecond)
        {
            throw RestException.InvalidInterval();
        }

        var limit = request.Limit(DefaultRows, int.MaxValue);
        RestRows.Klines(
            json,
            limit <= MostBars ? RestRows.ReadBars(request, market, series, limit) : throw RestException.BadValue("limit"),
            UnixTime.Millisecond);
    }

    /// <summary>The market that <c>symbol</c> names; what follows is written with its decimals.</summary>
    private static RestMarket Market(RestRequest request, FrameBuilder json)
    {
        var market = request.Market();
        json.Format = market.Format;
        return market;
    }

    private static long Ms(long time) => time / UnixTime.Millisecond;
}
