using System.Globalization;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Candles;

/// <summary>Candles by the shortest way: group the trades by window and fold with decimals. The yardstick of the real thing.</summary>
internal static class NaiveFold
{
    public static Dictionary<(CandleInterval Interval, long OpenTime), Row> Of(IReadOnlyList<Trade> trades) =>
        CandleInterval.All
            .SelectMany(interval => trades.GroupBy(trade => (Interval: interval, OpenTime: interval.OpenOf(trade.EventTime))))
            .ToDictionary(group => group.Key, group => Fold([.. group.OrderBy(trade => trade.Id).ThenBy(trade => trade.EventTime)]));

    public static Row Of(Candle c) => new(
        Exact(c.Open), Exact(c.High), Exact(c.Low), Exact(c.Close), Exact(c.Volume), Exact(c.QuoteVolume), Exact(c.TakerBuyVolume!),
        c.Trades, c.FirstId, c.LastId);

    private static Row Fold(Trade[] trades) => new(
        Exact(trades[0].Price),
        trades.Max(t => Exact(t.Price)),
        trades.Min(t => Exact(t.Price)),
        Exact(trades[^1].Price),
        trades.Sum(t => Exact(t.Quantity)),
        trades.Sum(t => Exact(t.Price) * Exact(t.Quantity)),
        trades.Where(t => t.Side == AggressorSide.Buy).Sum(t => Exact(t.Quantity)),
        trades.Length,
        trades[0].Id,
        trades[^1].Id);

    private static decimal Exact(object number) => decimal.Parse(number.ToString()!, CultureInfo.InvariantCulture);

    internal sealed record Row(
        decimal Open, decimal High, decimal Low, decimal Close, decimal Volume, decimal QuoteVolume, decimal TakerBuyVolume,
        long Trades, long FirstId, long LastId);
}
