using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Rest;

/// <summary>The market data part of spot's REST interface, fields in the venue's order; as of 2026-07.</summary>
internal static partial class SpotRest
{
    private const int MostTrades = 1_000;
    private const int MostBars = 1_000;
    private const int MostLevels = 5_000;
    private const int DefaultTrades = 500;
    private const int DefaultLevels = 100;
    private const long AverageWindow = 5 * 60 * UnixTime.Second;

    public static readonly IReadOnlyDictionary<string, RestEndpoint> Endpoints = new Dictionary<string, RestEndpoint>(StringComparer.Ordinal)
    {
        ["/api/v3/ping"] = new(_ => 1, (_, json) => json.Text("{}"u8)),
        ["/api/v3/time"] = new(_ => 1, (request, json) => json.Text("{\"serverTime\":"u8).Integer(request.ServerTime / request.Divisor).Text("}"u8)),
        ["/api/v3/exchangeInfo"] = new(_ => 20, ExchangeInfo),
        ["/api/v3/depth"] = new(DepthWeight, Depth),
        ["/api/v3/trades"] = new(_ => 25, (request, json) => Trades(request, json, historical: false)),
        ["/api/v3/historicalTrades"] = new(_ => 25, (request, json) => Trades(request, json, historical: true)),
        ["/api/v3/aggTrades"] = new(_ => 4, AggregateTrades),
        ["/api/v3/klines"] = new(_ => 2, Klines),
        ["/api/v3/uiKlines"] = new(_ => 2, Klines),
        ["/api/v3/avgPrice"] = new(_ => 2, AveragePrice),
        ["/api/v3/ticker/24hr"] = new(TickerWeight, Ticker),
        ["/api/v3/ticker/price"] = new(request => request.Has("symbol") ? 2 : 4, PriceTicker),
        ["/api/v3/ticker/bookTicker"] = new(request => request.Has("symbol") ? 2 : 4, BookTicker),
    };

    private static int DepthWeight(RestRequest request) => request.RawLimit(DefaultLevels) switch
    {
        <= 100 => 5,
        <= 500 => 25,
        <= 1_000 => 50,
        _ => 250,
    };

    private static int TickerWeight(RestRequest request) => request.SymbolCount() switch
    {
        0 or > 100 => 80,
        > 20 => 40,
        _ => 2,
    };

    private static void Depth(RestRequest request, FrameBuilder json)
    {
        var market = request.Market();
        var book = request.Rest.ReadBook(market, request.Limit(DefaultLevels, MostLevels), atInterval: false);
        json.Text("{\"lastUpdateId\":"u8).Integer(book.UpdateId).Text(",\"bids\":["u8);
        BinancePayload.Levels(json, book.Bids);
        json.Text("],\"asks\":["u8);
        BinancePayload.Levels(json, book.Asks);
        json.Text("]}"u8);
    }

    private static void Trades(RestRequest request, FrameBuilder json, bool historical)
    {
        var market = request.Market();
        var trades = RestRows.ReadTrades(request, market, request.Limit(DefaultTrades, MostTrades), historical);
        RestRows.Array(json, trades, trade => json.Text("{\"id\":"u8).Integer(trade.Id).Text(",\"price\":\""u8).Price(trade.Price)
            .Text("\",\"qty\":\""u8).Quantity(trade.Quantity).Text("\",\"quoteQty\":\""u8).Turnover((Int128)trade.Price * trade.Quantity)
            .Text("\",\"time\":"u8).Integer(trade.Time / request.Divisor)
            .Text(",\"isBuyerMaker\":"u8).Flag(!trade.TakerBuys).Text(",\"isBestMatch\":true}"u8));
    }

    private static void AggregateTrades(RestRequest request, FrameBuilder json)
    {
        var market = request.Market();
        var trades = RestRows.ReadAggregates(request, market, request.Limit(DefaultTrades, MostTrades));
        RestRows.Array(json, trades, trade => json.Text("{\"a\":"u8).Integer(trade.Id).Text(",\"p\":\""u8).Price(trade.Price)
            .Text("\",\"q\":\""u8).Quantity(trade.Quantity).Text("\",\"f\":"u8).Integer(trade.FirstId).Text(",\"l\":"u8).Integer(trade.LastId)
            .Text(",\"T\":"u8).Integer(trade.Time / request.Divisor).Text(",\"m\":"u8).Flag(!trade.TakerBuys).Text(",\"M\":true}"u8));
    }

    private static void Klines(RestRequest request, FrameBuilder json)
    {
        var market = request.Market();
        var interval = request.Text("interval") ?? throw RestException.Missing("interval");
        var series = KlineKey.Find(interval) >= 0 ? KlineKey.Find(interval, Zone(request.Text("timeZone"))) : throw RestException.InvalidInterval();
        RestRows.Klines(json, RestRows.ReadBars(request, market, series, request.Limit(DefaultTrades, MostBars)), request.Divisor);
    }

    /// <summary>Bars exist in UTC and eight hours east of it.</summary>
    private static long Zone(string? zone) => zone switch
    {
        null or "0" or "00:00" or "+00:00" or "+0" => 0,
        "8" or "+8" or "08:00" or "+08:00" or "8:00" => KlineKey.EastEight,
        _ => throw RestException.BadValue("timeZone"),
    };

    private static void AveragePrice(RestRequest request, FrameBuilder json)
    {
        var market = request.Market();
        var minutes = request.Rest.Read(() => market.Engine.Statistics(request.Now, AverageWindow));
        json.Text("{\"mins\":5,\"price\":\""u8).Price(minutes.WeightedAverage == 0 ? minutes.Bar.Close : minutes.WeightedAverage)
            .Text("\",\"closeTime\":"u8).Integer(minutes.LastTime / request.Divisor).Text("}"u8);
    }

    private static void PriceTicker(RestRequest request, FrameBuilder json) => RestRows.OneOrAll(request, json, market =>
        json.Text("{\"symbol\":\""u8).Text(market.Symbol).Text("\",\"price\":\""u8)
            .Price(request.Rest.Read(() => market.Engine.LastPrice)).Text("\"}"u8));

    private static void BookTicker(RestRequest request, FrameBuilder json) => RestRows.OneOrAll(request, json, market =>
    {
        var book = request.Rest.Read(() => market.Engine.Book.Snapshot(1));
        json.Text("{\"symbol\":\""u8).Text(market.Symbol)
            .Text("\",\"bidPrice\":\""u8).Price(book.Bids[0].Price).Text("\",\"bidQty\":\""u8).Quantity(book.Bids[0].Quantity)
            .Text("\",\"askPrice\":\""u8).Price(book.Asks[0].Price).Text("\",\"askQty\":\""u8).Quantity(book.Asks[0].Quantity).Text("\"}"u8);
    });

    private static void Ticker(RestRequest request, FrameBuilder json)
    {
        var mini = request.Text("type") switch
        {
            null or "FULL" => false,
            "MINI" => true,
            _ => throw RestException.BadValue("type"),
        };
        RestRows.OneOrAll(request, json, market => Ticker(request, json, market, mini));
    }

    private static void Ticker(RestRequest request, FrameBuilder json, RestMarket market, bool mini)
    {
        var (day, book) = request.Rest.Read(() => (market.Engine.Statistics(request.Now), market.Engine.Book.Snapshot(1)));
        json.Text("{\"symbol\":\""u8).Text(market.Symbol);
        if (mini)
        {
            json.Text("\",\"openPrice\":\""u8).Price(day.Bar.Open).Text("\",\"highPrice\":\""u8).Price(day.Bar.High)
                .Text("\",\"lowPrice\":\""u8).Price(day.Bar.Low).Text("\",\"lastPrice\":\""u8).Price(day.Bar.Close);
        }
        else
        {
            json.Text("\",\"priceChange\":\""u8).Price(day.Change)
                .Text("\",\"priceChangePercent\":\""u8).Decimal(day.ChangePerHundredThousand * 100_000, 3)
                .Text("\",\"weightedAvgPrice\":\""u8).Price(day.WeightedAverage).Text("\",\"prevClosePrice\":\""u8).Price(day.PreviousClose)
                .Text("\",\"lastPrice\":\""u8).Price(day.Bar.Close).Text("\",\"lastQty\":\""u8).Quantity(day.LastQuantity)
                .Text("\",\"bidPrice\":\""u8).Price(book.Bids[0].Price).Text("\",\"bidQty\":\""u8).Quantity(book.Bids[0].Quantity)
                .Text("\",\"askPrice\":\""u8).Price(book.Asks[0].Price).Text("\",\"askQty\":\""u8).Quantity(book.Asks[0].Quantity)
                .Text("\",\"openPrice\":\""u8).Price(day.Bar.Open).Text("\",\"highPrice\":\""u8).Price(day.Bar.High)
                .Text("\",\"lowPrice\":\""u8).Price(day.Bar.Low);
        }

        Sums(json, day, request.Divisor);
    }

    /// <summary>The end of a 24 hour ticker, futures too.</summary>
    public static void Sums(FrameBuilder json, in RollingStatistics day, long divisor) =>
        json.Text("\",\"volume\":\""u8).Quantity(day.Bar.Volume).Text("\",\"quoteVolume\":\""u8).Turnover(day.Bar.QuoteVolume)
            .Text("\",\"openTime\":"u8).Integer(day.Bar.OpenTime / divisor).Text(",\"closeTime\":"u8).Integer(day.CloseTime / divisor)
            .Text(",\"firstId\":"u8).Integer(day.Bar.FirstId).Text(",\"lastId\":"u8).Integer(day.Bar.LastId)
            .Text(",\"count\":"u8).Integer(day.Bar.Trades).Text("}"u8);
}
