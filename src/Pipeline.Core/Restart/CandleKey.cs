using Pipeline.Core.Market;

namespace Pipeline.Core.Restart;

/// <summary>Names a candle of one instrument.</summary>
internal readonly record struct CandleKey(int Interval, long OpenTime)
{
    public static CandleKey Of(in Candle candle) => new(candle.Interval.Index, candle.OpenTime);
}
