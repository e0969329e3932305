using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>What futures streams of a symbol there are, and where <see cref="SymbolStreams"/> has them.</summary>
internal static class FuturesStreams
{
    public const int Trade = 0;
    public const int AggregateTrade = 1;
    public const int BookTicker = 2;
    public const int Ticker = 3;
    public const int MiniTicker = 4;
    public const int MarkPrice = 5;
    public const int FastMarkPrice = 6;
    public const int ForceOrder = 7;

    public const string MarkPrices = "!markPrice@arr";
    public const string FastMarkPrices = "!markPrice@arr@1s";
    public const string ForceOrders = "!forceOrder@arr";
    public const string BookTickers = "!bookTicker";
    public const string Tickers = "!ticker@arr";
    public const string MiniTickers = "!miniTicker@arr";

    /// <summary>Sizes of partial books.</summary>
    public static readonly int[] PartialSizes = [5, 10, 20];

    public static readonly IReadOnlyList<string> MarketWide = [MarkPrices, FastMarkPrices, ForceOrders, BookTickers, Tickers, MiniTickers];

    /// <summary>How often books are told: 100 ms, 250 ms (the name without a speed) and 500 ms.</summary>
    public static readonly int Speeds = SpeedNames.Length;

    // Index of a series in KlineKey.All to its place here; the venue has no 1s bars and no other zone than UTC.
    private static readonly int[] Series =
        [.. KlineKey.All.Select((key, index) => key.Zone == 0 && key.Interval != KlineInterval.OneSecond ? index : -1)];

    public static readonly StreamTypes Types = new(
    [
        "trade", "aggTrade", "bookTicker", "ticker", "miniTicker", "markPrice", "markPrice@1s", "forceOrder",
        .. SpeedNames.Select(speed => $"depth{speed}"),
        .. PartialSizes.SelectMany(size => SpeedNames.Select(speed => $"depth{size}{speed}")),
        .. Series.Where(index => index >= 0).Select(index => $"kline_{KlineKey.All[index].Interval.Name}"),
    ]);

    private static string[] SpeedNames => ["@100ms", "", "@500ms"];

    public static int Depth(int speed) => ForceOrder + 1 + speed;

    /// <param name="size">Index into <see cref="PartialSizes"/>.</param>
    /// <param name="speed">0 = 100 ms, 1 = 250 ms, 2 = 500 ms.</param>
    public static int PartialDepth(int size, int speed) => Depth(Speeds) + (size * Speeds) + speed;

    /// <summary>Place of a bar series; -1 when the venue has none such.</summary>
    /// <param name="series">Index into <see cref="KlineKey.All"/>; the one-second series is 0.</param>
    public static int Kline(int series) => Series[series] < 0 ? -1 : PartialDepth(PartialSizes.Length, 0) + series - 1;
}
