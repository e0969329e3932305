using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>What spot streams of a symbol there are, and where <see cref="SymbolStreams"/> has them.</summary>
internal static class SpotStreams
{
    public const int Trade = 0;
    public const int AggregateTrade = 1;
    public const int BookTicker = 2;
    public const int Ticker = 3;
    public const int MiniTicker = 4;
    public const int AveragePrice = 5;

    /// <summary>Changed symbols of a second in one array.</summary>
    public const string MiniTickers = "!miniTicker@arr";

    /// <summary>Sizes of partial books.</summary>
    public static readonly int[] PartialSizes = [5, 10, 20];

    public static readonly StreamTypes Types = new(
    [
        "trade", "aggTrade", "bookTicker", "ticker", "miniTicker", "avgPrice", "depth", "depth@100ms",
        .. PartialSizes.SelectMany(size => new[] { $"depth{size}", $"depth{size}@100ms" }),
        .. KlineKey.All.Select(key => $"kline_{key.Interval.Name}{(key.Zone == 0 ? "" : "@+08:00")}"),
    ]);

    public static int Depth(bool wholeSecond) => AveragePrice + (wholeSecond ? 1 : 2);

    /// <param name="size">Index into <see cref="PartialSizes"/>.</param>
    /// <param name="wholeSecond">The slower of the two.</param>
    public static int PartialDepth(int size, bool wholeSecond) => AveragePrice + 3 + (2 * size) + (wholeSecond ? 0 : 1);

    /// <param name="series">Index into <see cref="KlineKey.All"/>.</param>
    public static int Kline(int series) => AveragePrice + 3 + (2 * PartialSizes.Length) + series;
}
