using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>Keys that are longer than the instrument's.</summary>
internal static class RecordKey
{
    /// <summary><c>venue:instrument:interval:openTime</c>, written into <paramref name="buffer"/>, which grows when needed.</summary>
    public static ReadOnlySpan<byte> OfCandle(in Candle candle, ref byte[] buffer)
    {
        var instrument = candle.Instrument.KeyUtf8.Span;
        var interval = IntervalNames.Utf8(candle.Interval);
        var size = instrument.Length + interval.Length + Utf8Writer.MaxInteger + 2;
        if (buffer.Length < size)
        {
            buffer = new byte[size];
        }

        var key = new Utf8Writer(buffer);
        key.Raw(instrument);
        key.Raw(":"u8);
        key.Raw(interval);
        key.Raw(":"u8);
        key.Integer(candle.OpenTime);
        return key.Written;
    }
}
