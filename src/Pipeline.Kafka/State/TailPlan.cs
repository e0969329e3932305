using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.State;

/// <summary>
/// Where the tails of a partition begin: at the marker if it is of this log and inside it, else so many records back from the end. By
/// offsets alone: a time has no place in the embedded broker's log.
/// </summary>
internal static class TailPlan
{
    /// <summary>Null, or why the checkpoint does not hold.</summary>
    public static string? WhyNot(CheckpointMarker marker, string? logId, TailOffsets ends)
    {
        if (marker.LogId is not null && marker.LogId != logId)
        {
            return $"its marker is of the log {marker.LogId}, and this is {logId ?? "another"}";
        }

        return Beyond("md.trades", marker.TradesOffset, ends.Trades)
            ?? Beyond("md.prices", marker.PricesOffset, ends.Prices)
            ?? Beyond("md.candles", marker.CandlesOffset, ends.Candles)
            ?? Beyond("md.gaps", marker.GapsOffset, ends.Gaps);
    }

    /// <summary>Where to begin with a marker that holds, or without one.</summary>
    public static TailOffsets Begin(CheckpointMarker? marker, TailOffsets lows, TailOffsets ends, long lookback) => new(
        Begin(marker, marker?.TradesOffset, lows.Trades, ends.Trades, lookback),
        Begin(marker, marker?.PricesOffset, lows.Prices, ends.Prices, lookback),
        Begin(marker, marker?.CandlesOffset, lows.Candles, ends.Candles, lookback),
        Begin(marker, marker?.GapsOffset, lows.Gaps, ends.Gaps, lookback));

    /// <summary>Null, or what is gone between the marker and the oldest record.</summary>
    public static string? Gone(CheckpointMarker marker, TailOffsets lows) =>
        Gone("trades", marker.TradesOffset, lows.Trades)
        ?? Gone("prices", marker.PricesOffset, lows.Prices)
        ?? Gone("gap records", marker.GapsOffset, lows.Gaps);

    private static string? Beyond(string topic, long? offset, long end) =>
        offset > end ? $"its marker is at {offset} of {topic}, which ends at {end}" : null;

    private static string? Gone(string what, long? offset, long low) =>
        offset < low ? $"{low - offset} {what} behind the checkpoint are gone from the log" : null;

    /// <summary>A marker that knows nothing of a log was written when nothing had been written there by its owner.</summary>
    private static long Begin(CheckpointMarker? marker, long? offset, long low, long end, long lookback) =>
        Math.Clamp(offset ?? (marker is null ? end - lookback : low), low, end);
}
