using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>Keys that are longer than the instrument's.</summary>
internal static class RecordKey
{
    /// <summary><c>venue:instrument:interval:openTime</c>, written into <paramref name="buffer"/>, which grows when needed.</summary>
    public static ReadOnlySpan<byte> OfCandle(in Candle candle, ref byte[] buffer) =>
        OfWindow(candle.Instrument, candle.Interval, candle.OpenTime, ref buffer);

    /// <summary>That of the candle it is about.</summary>
    public static ReadOnlySpan<byte> OfAudit(AuditFinding finding, ref byte[] buffer) =>
        OfWindow(finding.Instrument, finding.Interval, finding.OpenTime, ref buffer);

    /// <summary>
    /// <c>venue:instrument:fromId</c>, or <c>venue:instrument:@openedTime</c> where the hole is a time; written into
    /// <paramref name="buffer"/>, which grows when needed.
    /// </summary>
    public static ReadOnlySpan<byte> OfGap(in Gap gap, ref byte[] buffer)
    {
        var instrument = gap.Instrument.KeyUtf8.Span;
        var size = instrument.Length + Utf8Writer.MaxInteger + 2;
        if (buffer.Length < size)
        {
            buffer = new byte[size];
        }

        var key = new Utf8Writer(buffer);
        key.Raw(instrument);
        key.Raw(gap.FromId < 0 ? ":@"u8 : ":"u8);
        key.Integer(gap.FromId < 0 ? gap.OpenedTime : gap.FromId);
        return key.Written;
    }

    /// <summary><c>venue:instrument:dataType</c>, written into <paramref name="buffer"/>, which grows when needed.</summary>
    public static ReadOnlySpan<byte> OfHealth(in StreamHealth health, ref byte[] buffer)
    {
        var instrument = health.Instrument.KeyUtf8.Span;
        var size = instrument.Length + 1 + Encoding.UTF8.GetMaxByteCount(health.DataType.Length);
        if (buffer.Length < size)
        {
            buffer = new byte[size];
        }

        instrument.CopyTo(buffer);
        buffer[instrument.Length] = (byte)':';
        var length = instrument.Length + 1;
        return buffer.AsSpan(0, length + Encoding.UTF8.GetBytes(health.DataType, buffer.AsSpan(length)));
    }

    /// <summary><c>venue:instrument</c>, written into <paramref name="buffer"/>, which grows when needed.</summary>
    public static ReadOnlySpan<byte> OfInstrument(InstrumentInfo instrument, ref byte[] buffer) =>
        OfPair(instrument.Venue, instrument.Id, ref buffer);

    /// <summary><c>collector:venue</c>, written into <paramref name="buffer"/>, which grows when needed.</summary>
    public static ReadOnlySpan<byte> OfStatus(CollectorStatus status, ref byte[] buffer) => OfPair(status.Collector, status.Venue, ref buffer);

    private static ReadOnlySpan<byte> OfWindow(Instrument ofInstrument, CandleInterval length, long openTime, ref byte[] buffer)
    {
        var instrument = ofInstrument.KeyUtf8.Span;
        var interval = IntervalNames.Utf8(length);
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
        key.Integer(openTime);
        return key.Written;
    }

    private static ReadOnlySpan<byte> OfPair(string first, string second, ref byte[] buffer)
    {
        var size = Encoding.UTF8.GetMaxByteCount(first.Length + second.Length) + 1;
        if (buffer.Length < size)
        {
            buffer = new byte[size];
        }

        var length = Encoding.UTF8.GetBytes(first, buffer);
        buffer[length++] = (byte)':';
        return buffer.AsSpan(0, length + Encoding.UTF8.GetBytes(second, buffer.AsSpan(length)));
    }
}
