using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>Candle interval names as bytes.</summary>
internal static class IntervalNames
{
    private static readonly byte[][] Names = [.. CandleInterval.All.Select(interval => Encoding.ASCII.GetBytes(interval.Name))];

    public static ReadOnlySpan<byte> Utf8(CandleInterval interval) => Names[interval.Index];
}
