using Pipeline.Core.Market;

namespace Pipeline.History.Rows;

/// <summary>
/// A candle in some forty bytes, exact to the last digit: mantissas and scales as integers, never a binary fraction.
/// <code>
/// byte 0   bits 0-1 source, 2 revised, 3 complete, 4 taker volume follows, 5 number of trades follows, 6 ids follow; 7 is 0
/// byte 1   decimals of the four prices; 255 = each has its own in front
/// then     open; high, low and close less open; volume; quote volume; taker volume; trades; first id; last less first id; updates
/// </code>
/// Open time, revision and offset are columns of their own.
/// </summary>
internal static class CandleCodec
{
    /// <summary>Bytes of the longest candle.</summary>
    public const int MaxLength = 2 + (4 * (1 + VarInt.MaxLength)) + (3 * (1 + VarInt.MaxLength)) + (4 * VarInt.MaxLength);

    private const int SourceMask = 3;
    private const int Revised = 1 << 2;
    private const int Complete = 1 << 3;
    private const int HasTaker = 1 << 4;
    private const int HasTrades = 1 << 5;
    private const int HasIds = 1 << 6;
    private const int Unknown = 1 << 7;
    private const byte OwnScales = byte.MaxValue;

    /// <summary>Writes the candle and returns its length.</summary>
    /// <param name="target">At least <see cref="MaxLength"/> bytes.</param>
    public static int Encode(in HistoryCandle candle, Span<byte> target)
    {
        var hasIds = candle.FirstId != -1 || candle.LastId != -1;
        target[0] = (byte)((int)candle.Source
            | (candle.State == CandleState.Revised ? Revised : 0)
            | (candle.Complete ? Complete : 0)
            | (candle.TakerBuyVolume is null ? 0 : HasTaker)
            | (candle.Trades < 0 ? 0 : HasTrades)
            | (hasIds ? HasIds : 0));
        var at = 1;
        WritePrices(target, ref at, candle);
        Write(target, ref at, candle.Volume);
        Write(target, ref at, candle.QuoteVolume);
        if (candle.TakerBuyVolume is { } taker)
        {
            Write(target, ref at, taker);
        }

        if (candle.Trades >= 0)
        {
            VarInt.Write(target, ref at, candle.Trades);
        }

        if (hasIds)
        {
            VarInt.Write(target, ref at, candle.FirstId);
            VarInt.Write(target, ref at, (Int128)candle.LastId - candle.FirstId);
        }

        VarInt.Write(target, ref at, candle.Updates);
        return at;
    }

    /// <exception cref="FormatException">The bytes are no candle.</exception>
    public static HistoryCandle Decode(ReadOnlySpan<byte> source, long openTime, int revision)
    {
        if (source.Length < 2 || (source[0] & Unknown) != 0)
        {
            throw new FormatException("The value is no candle.");
        }

        var flags = source[0];
        var at = 1;
        var (open, high, low, close) = ReadPrices(source, ref at);
        var volume = ReadWide(source, ref at);
        var quoteVolume = ReadWide(source, ref at);
        WideNumber? taker = (flags & HasTaker) == 0 ? null : ReadWide(source, ref at);
        var trades = (flags & HasTrades) == 0 ? -1 : VarInt.ReadLong(source, ref at);
        long firstId = -1, lastId = -1;
        if ((flags & HasIds) != 0)
        {
            firstId = VarInt.ReadLong(source, ref at);
            lastId = (long)(firstId + VarInt.Read(source, ref at));
        }

        var updates = VarInt.ReadLong(source, ref at);
        if (at != source.Length)
        {
            throw new FormatException("Something follows the candle.");
        }

        return new HistoryCandle(
            openTime, open, high, low, close, volume, quoteVolume, taker, trades, firstId, lastId,
            (flags & Revised) == 0 ? CandleState.Final : CandleState.Revised,
            revision, (flags & Complete) != 0, (int)updates, (CandleSource)(flags & SourceMask));
    }

    private static void WritePrices(Span<byte> target, ref int at, in HistoryCandle candle)
    {
        var scale = Math.Max(Math.Max(candle.Open.Scale, candle.High.Scale), Math.Max(candle.Low.Scale, candle.Close.Scale));
        if (TryRaise(candle.Open, scale, out var open) && TryRaise(candle.High, scale, out var high)
            && TryRaise(candle.Low, scale, out var low) && TryRaise(candle.Close, scale, out var close))
        {
            target[at++] = scale;
            VarInt.Write(target, ref at, open);
            VarInt.Write(target, ref at, high - open);
            VarInt.Write(target, ref at, low - open);
            VarInt.Write(target, ref at, close - open);
            return;
        }

        target[at++] = OwnScales;
        Write(target, ref at, candle.Open);
        Write(target, ref at, candle.High);
        Write(target, ref at, candle.Low);
        Write(target, ref at, candle.Close);
    }

    private static (Number Open, Number High, Number Low, Number Close) ReadPrices(ReadOnlySpan<byte> source, ref int at)
    {
        var scale = source[at++];
        if (scale == OwnScales)
        {
            var own = (ReadNumber(source, ref at), ReadNumber(source, ref at), ReadNumber(source, ref at), ReadNumber(source, ref at));
            return own;
        }

        var open = VarInt.Read(source, ref at);
        var high = open + VarInt.Read(source, ref at);
        var low = open + VarInt.Read(source, ref at);
        var close = open + VarInt.Read(source, ref at);
        return (Lower(open, scale), Lower(high, scale), Lower(low, scale), Lower(close, scale));
    }

    /// <summary>The mantissa with that many decimals; false when it would grow beyond what differences leave room for.</summary>
    private static bool TryRaise(Number number, int scale, out Int128 mantissa)
    {
        mantissa = number.Mantissa;
        for (var i = number.Scale; i < scale; i++)
        {
            mantissa *= 10;
            if (mantissa > (Int128)1 << 120 || mantissa < -((Int128)1 << 120))
            {
                return false;
            }
        }

        return true;
    }

    private static Number Lower(Int128 mantissa, int scale)
    {
        while (scale > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            scale--;
        }

        return (long)mantissa == mantissa && scale <= Number.MaxScale
            ? Number.FromNormalized((long)mantissa, scale)
            : throw new FormatException("The price has too many digits.");
    }

    private static void Write(Span<byte> target, ref int at, WideNumber number)
    {
        target[at++] = number.Scale;
        VarInt.Write(target, ref at, number.Mantissa);
    }

    private static WideNumber ReadWide(ReadOnlySpan<byte> source, ref int at)
    {
        var scale = at < source.Length ? source[at++] : byte.MaxValue;
        return scale <= 2 * Number.MaxScale
            ? new WideNumber(VarInt.Read(source, ref at), scale)
            : throw new FormatException("The value is no number.");
    }

    private static Number ReadNumber(ReadOnlySpan<byte> source, ref int at) =>
        ReadWide(source, ref at) is { Scale: <= Number.MaxScale } wide && (long)wide.Mantissa == wide.Mantissa
            ? new Number((long)wide.Mantissa, wide.Scale)
            : throw new FormatException("The price has too many digits.");
}
