using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Rest;

/// <summary>Answers that both services shape alike, from lists of what was read.</summary>
internal static class RestRows
{
    /// <summary>Writes an array.</summary>
    public static void Array<T>(FrameBuilder json, IReadOnlyList<T> items, Action<T> write)
    {
        json.Text("["u8);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                json.Text(","u8);
            }

            write(items[i]);
        }

        json.Text("]"u8);
    }

    /// <summary>One object when a symbol was named, an array otherwise.</summary>
    public static void OneOrAll(RestRequest request, FrameBuilder json, Action<RestMarket> write)
    {
        var markets = request.Markets();
        if (request.Has("symbol"))
        {
            write(markets[0]);
            return;
        }

        Array(json, markets, write);
    }

    public static void Klines(FrameBuilder json, IReadOnlyList<KlineBar> bars, long divisor) => Array(json, bars, bar =>
        json.Text("["u8).Integer(bar.OpenTime / divisor)
            .Text(",\""u8).Price(bar.Open).Text("\",\""u8).Price(bar.High).Text("\",\""u8).Price(bar.Low).Text("\",\""u8).Price(bar.Close)
            .Text("\",\""u8).Quantity(bar.Volume).Text("\","u8).Integer((bar.EndTime / divisor) - 1)
            .Text(",\""u8).Turnover(bar.QuoteVolume).Text("\","u8).Integer(bar.Trades)
            .Text(",\""u8).Quantity(bar.TakerBuyVolume).Text("\",\""u8).Turnover(bar.TakerBuyQuoteVolume).Text("\",\"0\"]"u8));

    /// <summary>The bars a request asks for: without a start the newest, with one the oldest from there.</summary>
    public static List<KlineBar> ReadBars(RestRequest request, RestMarket market, int series, int limit)
    {
        var start = request.Time("startTime");
        var end = request.EndTime("endTime") ?? long.MaxValue - 1;
        return request.Rest.Read(() => market.Engine.Klines.Read(series, start ?? 0, end, limit, newest: start is null));
    }

    /// <summary>The aggregates a request asks for: from an id, in a time, or the newest.</summary>
    public static List<AggregateTrade> ReadAggregates(RestRequest request, RestMarket market, int limit)
    {
        var (from, start, end) = (request.Integer("fromId"), request.Time("startTime"), request.EndTime("endTime"));
        if (from is not null && (start is not null || end is not null))
        {
            throw RestException.BadCombination();
        }

        var all = market.Engine.Aggregates;
        return request.Rest.Read(() =>
        {
            var first = from ?? (start is { } time ? all.FindTime(time)
                : (end is { } last ? all.FindTime(last + 1) : all.NextId) - limit);
            return all.Read(first, end ?? long.MaxValue, limit);
        });
    }

    /// <summary>Trades from <c>fromId</c> on when it is heeded and sent, else the newest; fills of the fund are left out.</summary>
    public static List<EngineTrade> ReadTrades(RestRequest request, RestMarket market, int limit, bool historical)
    {
        var from = historical ? request.Integer("fromId") : null;
        var truth = market.Engine.Truth;
        return request.Rest.Read(() =>
        {
            var trades = new List<EngineTrade>(limit);
            var newest = from is null;
            for (var id = newest ? truth.NextId - 1 : Math.Max(from!.Value, truth.OldestId);
                 trades.Count < limit && id >= truth.OldestId && id < truth.NextId;
                 id += newest ? -1 : 1)
            {
                if (truth[id].Kind == TradeKind.Market)
                {
                    trades.Add(truth[id]);
                }
            }

            if (newest)
            {
                trades.Reverse();
            }

            return trades;
        });
    }
}
