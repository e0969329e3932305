using Pipeline.Simulator.Binance.Rest;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>Tickers, mark prices and funding.</summary>
internal static partial class FuturesRest
{
    private static void PremiumIndex(RestRequest request, FrameBuilder json) => RestRows.OneOrAll(request, json, market =>
    {
        var state = market.Engine.Perpetual!;
        var (mark, index, rate, next, time) = request.Rest.Read(
            () => (state.MarkPrice, state.IndexPrice, state.FundingRate, state.NextFundingTime, state.UpdatedAt));
        json.Text("{\"symbol\":\""u8).Text(market.Symbol).Text("\",\"markPrice\":\""u8).Decimal(mark)
            .Text("\",\"indexPrice\":\""u8).Decimal(index).Text("\",\"estimatedSettlePrice\":\""u8).Decimal(mark)
            .Text("\",\"lastFundingRate\":\""u8).Decimal(rate).Text("\",\"interestRate\":\"0.00010000\",\"nextFundingTime\":"u8)
            .Integer(Ms(next)).Text(",\"time\":"u8).Integer(Ms(time)).Text("}"u8);
    });

    private static void FundingRates(RestRequest request, FrameBuilder json)
    {
        var (start, end) = (request.Time("startTime"), request.EndTime("endTime") ?? long.MaxValue);
        var limit = request.Limit(DefaultFundings, MostTrades);
        var markets = request.Has("symbol") ? [request.Market()] : request.Rest.Markets;
        var all = request.Rest.Read(() => markets
            .SelectMany(market => market.Engine.Perpetual!.Fundings.Select(funding => (Market: market, Funding: funding))).ToList());
        var within = all.Where(one => one.Funding.Time >= (start ?? 0) && one.Funding.Time <= end).OrderBy(one => one.Funding.Time);
        var rows = start is null ? within.TakeLast(limit) : within.Take(limit);
        RestRows.Array(json, rows.ToList(), one => json.Text("{\"symbol\":\""u8).Text(one.Market.Symbol)
            .Text("\",\"fundingTime\":"u8).Integer(Ms(one.Funding.Time)).Text(",\"fundingRate\":\""u8).Decimal(one.Funding.Rate)
            .Text("\",\"markPrice\":\""u8).Decimal(one.Funding.MarkPrice).Text("\"}"u8));
    }

    private static void PriceTicker(RestRequest request, FrameBuilder json) => RestRows.OneOrAll(request, json, market =>
    {
        json.Format = market.Format;
        var day = request.Rest.Read(() => market.Engine.Statistics(request.Now, 0));
        json.Text("{\"symbol\":\""u8).Text(market.Symbol).Text("\",\"price\":\""u8).Price(day.Bar.Close)
            .Text("\",\"time\":"u8).Integer(Ms(day.LastTime)).Text("}"u8);
    });

    private static void BookTicker(RestRequest request, FrameBuilder json) => RestRows.OneOrAll(request, json, market =>
    {
        json.Format = market.Format;
        var book = request.Rest.Read(() => market.Engine.Book.Snapshot(1));
        json.Text("{\"symbol\":\""u8).Text(market.Symbol)
            .Text("\",\"bidPrice\":\""u8).Price(book.Bids[0].Price).Text("\",\"bidQty\":\""u8).Quantity(book.Bids[0].Quantity)
            .Text("\",\"askPrice\":\""u8).Price(book.Asks[0].Price).Text("\",\"askQty\":\""u8).Quantity(book.Asks[0].Quantity)
            .Text("\",\"time\":"u8).Integer(Ms(request.Now)).Text(",\"lastUpdateId\":"u8).Integer(book.UpdateId).Text("}"u8);
    });

    private static void Ticker(RestRequest request, FrameBuilder json) => RestRows.OneOrAll(request, json, market =>
    {
        json.Format = market.Format;
        var day = request.Rest.Read(() => market.Engine.Statistics(request.Now));
        json.Text("{\"symbol\":\""u8).Text(market.Symbol).Text("\",\"priceChange\":\""u8).Price(day.Change)
            .Text("\",\"priceChangePercent\":\""u8).Decimal(day.ChangePerHundredThousand * 100_000, 3)
            .Text("\",\"weightedAvgPrice\":\""u8).Price(day.WeightedAverage)
            .Text("\",\"lastPrice\":\""u8).Price(day.Bar.Close).Text("\",\"lastQty\":\""u8).Quantity(day.LastQuantity)
            .Text("\",\"openPrice\":\""u8).Price(day.Bar.Open).Text("\",\"highPrice\":\""u8).Price(day.Bar.High)
            .Text("\",\"lowPrice\":\""u8).Price(day.Bar.Low);
        SpotRest.Sums(json, day, UnixTime.Millisecond);
    });
}
