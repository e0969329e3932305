using System.Globalization;
using Pipeline.Core.Market;
using Pipeline.History;

namespace Pipeline.Gateway.Tests.History;

/// <summary>Candles whose every field follows from their series and number, so that what is read back can be told to be right.</summary>
internal static class SampleCandles
{
    /// <summary>2026-01-05T00:00:00Z, a Monday: a window of every interval begins there.</summary>
    public const long Start = 1_767_571_200_000_000;

    public static readonly CandleInterval Minute = CandleInterval.Parse("1m");

    public static SeriesKey Series(int number = 0, string interval = "1m") =>
        new("binance", string.Create(CultureInfo.InvariantCulture, $"S{number}-USDT"), CandleInterval.Parse(interval));

    public static HistoryCandle Candle(in SeriesKey series, int index, int revision = 0)
    {
        var seed = (index * 7_919L) + series.Instrument.Length + (revision * 31);
        var open = new Number(9_123_456 + (seed % 100_000), 2);
        return new HistoryCandle(
            Start + (index * series.Interval.Microseconds),
            open,
            new Number(open.Mantissa + 1_000 + (seed % 7), open.Scale),
            new Number(open.Mantissa - 1_000, open.Scale),
            new Number(open.Mantissa + (seed % 500), open.Scale),
            new WideNumber(32_145_678 + seed, 6),
            new WideNumber((Int128)293_284_110_000 + seed, 7),
            new WideNumber(19_000_000 + seed, 6),
            57 + (seed % 100),
            5_689_012_345 + seed,
            5_689_012_345 + seed + 56,
            revision > 0 ? CandleState.Revised : CandleState.Final,
            revision,
            seed % 10 != 0,
            31,
            CandleSource.Trades);
    }
}
