using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>
/// Reads and compares candles field by field, exactly; what one side does not give is not compared.
/// </summary>
internal static class AuditFields
{
    // Venues and simulator write turnovers with eight decimals at most; ours is the exact sum, which may have more of them.
    private const int TurnoverDecimals = 8;

    private static readonly AuditField[] All = Enum.GetValues<AuditField>();

    /// <summary>Fields that the venue gives, and what it says.</summary>
    /// <param name="hasIds">The venue's candles name trades by the ids of our stream.</param>
    public static IEnumerable<(AuditField Field, WideNumber Value)> Given(Candle candle, bool hasIds)
    {
        foreach (var field in All)
        {
            if (TryRead(candle, field, out var value) && (hasIds || field is not (AuditField.FirstId or AuditField.LastId)))
            {
                yield return (field, value);
            }
        }
    }

    /// <summary>True when the field differs.</summary>
    public static bool Differs(in Candle one, in Candle other, AuditField field)
    {
        if (!TryRead(one, field, out var left) || !TryRead(other, field, out var right) || left == right)
        {
            return false;
        }

        return field != AuditField.QuoteVolume || !IsCut(left, right);
    }

    /// <summary>True when any field differs.</summary>
    public static bool AnyDiffers(in Candle one, in Candle other, bool hasIds)
    {
        foreach (var field in All)
        {
            if ((hasIds || field is not (AuditField.FirstId or AuditField.LastId)) && Differs(one, other, field))
            {
                return true;
            }
        }

        return false;
    }

    public static string? Text(in Candle candle, AuditField field) => TryRead(candle, field, out var value) ? value.ToString() : null;

    private static bool TryRead(in Candle candle, AuditField field, out WideNumber value)
    {
        value = field switch
        {
            AuditField.Open => candle.Open,
            AuditField.High => candle.High,
            AuditField.Low => candle.Low,
            AuditField.Close => candle.Close,
            AuditField.Volume => candle.Volume,
            AuditField.QuoteVolume => candle.QuoteVolume,
            AuditField.TakerBuyVolume => candle.TakerBuyVolume ?? default,
            AuditField.Trades => new WideNumber(candle.Trades, 0),
            AuditField.FirstId => new WideNumber(candle.FirstId, 0),
            _ => new WideNumber(candle.LastId, 0),
        };
        return field switch
        {
            AuditField.TakerBuyVolume => candle.TakerBuyVolume is not null,
            AuditField.Trades => candle.Trades >= 0,
            AuditField.FirstId or AuditField.LastId => candle.FirstId >= 0 && candle.LastId >= 0,
            _ => true,
        };
    }

    /// <summary>Whether the one with fewer decimals is the other, cut or rounded to as many as turnovers are written with.</summary>
    private static bool IsCut(WideNumber left, WideNumber right)
    {
        var (exact, written) = left.Scale > right.Scale ? (left, right) : (right, left);
        if (exact.Scale <= TurnoverDecimals)
        {
            return false;
        }

        var unit = Int128.One;
        for (var i = TurnoverDecimals; i < exact.Scale; i++)
        {
            unit *= 10;
        }

        var (cut, rest) = Int128.DivRem(exact.Mantissa, unit);
        return written == new WideNumber(cut, TurnoverDecimals)
            || (2 * rest >= unit && written == new WideNumber(cut + 1, TurnoverDecimals));
    }
}
