using Pipeline.Core.Market;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Verifying;

/// <summary>Holds trades of the log against those that the venue says it made.</summary>
internal static class TruthComparison
{
    private const long MicrosecondsPerMillisecond = 1000;

    /// <summary>Null, or what is wrong with a row.</summary>
    /// <param name="made">The venue's trades that the row stands for, oldest first.</param>
    /// <param name="contractSize">Where the venue counts contracts, the truth may count coins.</param>
    public static (FindingKind Kind, string What)? Compare(in TradeRow row, ReadOnlySpan<TruthTrade> made, Number contractSize)
    {
        if (made.IsEmpty)
        {
            return (FindingKind.Invented, $"the venue never made trade {row.Id}");
        }

        WideNumber quantity = Number.Zero;
        foreach (var trade in made)
        {
            if (trade.Price != row.Price)
            {
                return Differs(row, "price", row.Price, trade.Price);
            }

            if (trade.Side != row.Side)
            {
                return Differs(row, "side", row.Side, trade.Side);
            }

            WideNumber.TryAdd(quantity, trade.Quantity, out quantity);
        }

        var isEqual = quantity.Equals(row.Quantity) || quantity.Equals(WideNumber.Multiply(row.Quantity, contractSize));
        if (!isEqual)
        {
            return Differs(row, "quantity", row.Quantity, quantity);
        }

        return IsWithin(row.EventTime, made[0].Time, made[^1].Time) ? null : Differs(row, "eventTime", row.EventTime, made[0].Time);
    }

    /// <summary>Streams in milliseconds cut off what is finer.</summary>
    private static bool IsWithin(long time, long first, long last)
    {
        var unit = time % MicrosecondsPerMillisecond == 0 ? MicrosecondsPerMillisecond : 1;
        return time >= first / unit * unit && time <= last;
    }

    private static (FindingKind Kind, string What) Differs<T, TOther>(in TradeRow row, string field, T told, TOther made) =>
        (FindingKind.DiffersFromVenue, FormattableString.Invariant($"trade {row.Id}: {field} is {told}, the venue made {made}"));
}
