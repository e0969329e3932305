using System.Text;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Bybit;

/// <summary>Results of <c>/v5/market</c>, without the braces around them. Called while the world stands still.</summary>
internal static class BybitRestMarket
{
    private const int MostKlines = 1000;
    private const int DefaultKlines = 200;
    private const int MostTrades = 60;
    private const int MostLevels = 200;

    // A time of a client's own choice must not overflow.
    private const long LargestTime = long.MaxValue / (2 * UnixTime.Millisecond);

    public static void Time(FrameBuilder frame, BybitQuery query, long now) =>
        frame.Text("\"timeSecond\":\""u8).Integer(now / UnixTime.Second).Text("\",\"timeNano\":\""u8).Integer(now * 1000).Text("\""u8);

    public static void Instruments(FrameBuilder frame, BybitQuery query, long now)
    {
        List(frame, query.Category(), query.Symbols(), symbol => Instrument(frame, symbol));
        frame.Text(",\"nextPageCursor\":\"\""u8);
    }

    public static void Tickers(FrameBuilder frame, BybitQuery query, long now) =>
        List(frame, query.Category(), query.Symbols(), symbol =>
        {
            var book = symbol.Engine.Book;
            BybitPayload.Ticker(frame, symbol, symbol.Engine.Statistics(now));
            frame.Text(",\"bid1Price\":\""u8).Decimal(book.Bids.BestPrice, symbol.PriceDecimals)
                .Text("\",\"bid1Size\":\""u8).Trimmed(book.Bids.BestQuantity)
                .Text("\",\"ask1Price\":\""u8).Decimal(book.Asks.BestPrice, symbol.PriceDecimals)
                .Text("\",\"ask1Size\":\""u8).Trimmed(book.Asks.BestQuantity).Text("\"}"u8);
        });

    public static void Klines(FrameBuilder frame, BybitQuery query, long now)
    {
        var symbol = query.Symbol();
        if (query.Text("interval") is not { } interval || !BybitSymbol.Intervals.TryGetValue(interval, out var series))
        {
            throw new BybitRestException("Invalid period!");
        }

        var from = query.Integer("start", 0, 0, LargestTime) * UnixTime.Millisecond;
        var to = query.Integer("end", LargestTime, 0, LargestTime) * UnixTime.Millisecond;
        var limit = (int)query.Integer("limit", DefaultKlines, 1, MostKlines);
        var bars = symbol.Engine.Klines.Read(series, from, to, limit, newest: true);
        bars.Reverse();
        frame.Text("\"symbol\":\""u8).Text(symbol.Name).Text("\","u8);
        List(frame, "spot", bars, bar => BybitPayload.KlineRow(frame, bar));
    }

    public static void Book(FrameBuilder frame, BybitQuery query, long now)
    {
        var symbol = query.Symbol();
        var snapshot = symbol.Engine.Book.Snapshot((int)query.Integer("limit", 1, 1, MostLevels));
        var time = now / UnixTime.Millisecond;
        BybitPayload.Book(frame, symbol, [.. snapshot.Bids], [.. snapshot.Asks], symbol.Books[2].UpdateId);
        frame.Text(",\"ts\":"u8).Integer(time).Text(",\"cts\":"u8).Integer(time);
    }

    public static void Trades(FrameBuilder frame, BybitQuery query, bool uuid)
    {
        var symbol = query.Symbol();
        var truth = symbol.Engine.Truth;
        var count = Math.Min(query.Integer("limit", MostTrades, 1, MostTrades), truth.NextId - truth.OldestId);
        var ids = Enumerable.Range(1, (int)count).Select(back => truth.NextId - back).Where(id => truth[id].IsMade);
        List(frame, "spot", ids, id => BybitPayload.RecentTrade(frame, symbol, truth[id], uuid));
    }

    private static void List<T>(FrameBuilder frame, string category, IEnumerable<T> rows, Action<T> write)
    {
        frame.Text(Encoding.UTF8.GetBytes($"\"category\":\"{category}\",\"list\":["));
        var first = true;
        foreach (var row in rows)
        {
            frame.Text(first ? ""u8 : ","u8);
            first = false;
            write(row);
        }

        frame.Text("]"u8);
    }

    private static void Instrument(FrameBuilder frame, BybitSymbol symbol)
    {
        var spec = symbol.Spec;
        frame.Text("{\"symbol\":\""u8).Text(symbol.Name)
            .Text("\",\"baseCoin\":\""u8).Text(Encoding.UTF8.GetBytes(spec.Base.ToUpperInvariant()))
            .Text("\",\"quoteCoin\":\""u8).Text(Encoding.UTF8.GetBytes(spec.Quote.ToUpperInvariant()))
            .Text("\",\"innovation\":\"0\",\"status\":\"Trading\",\"marginTrading\":\"none\",\"stTag\":\"0\",\"lotSizeFilter\":{"u8)
            .Text("\"basePrecision\":\""u8).Trimmed(spec.QuantityStep).Text("\",\"quotePrecision\":\"0.00000001\",\"minOrderQty\":\""u8)
            .Trimmed(spec.QuantityStep).Text("\",\"maxOrderQty\":\"999999999\",\"minOrderAmt\":\"1\",\"maxOrderAmt\":\"4000000\"}"u8)
            .Text(",\"priceFilter\":{\"tickSize\":\""u8).Trimmed(spec.PriceStep)
            .Text("\"},\"riskParameters\":{\"priceLimitRatioX\":\"0.05\",\"priceLimitRatioY\":\"0.1\"}}"u8);
    }
}
