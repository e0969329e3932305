using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>Reads values of <c>md.candles</c> and <c>md.venue-candles</c>.</summary>
public static class CandleRecordReader
{
    /// <param name="instrumentOf">The instrument of a venue and an id.</param>
    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static Candle Read(ReadOnlyMemory<byte> value, Func<string, string, Instrument> instrumentOf)
    {
        ArgumentNullException.ThrowIfNull(instrumentOf);
        return RecordFields.Read(value, "candle", fields =>
        {
            var interval = CandleFields.Interval(fields, "interval", fields.Text("interval"));
            var openTime = fields.Integer("openTime", long.MinValue);
            var candle = new Candle(
                instrumentOf(fields.Name("venue"), fields.Name("instrument")),
                interval,
                openTime,
                fields.Decimal("open"),
                fields.Decimal("high"),
                fields.Decimal("low"),
                fields.Decimal("close"),
                fields.Wide("volume"),
                fields.Wide("quoteVolume"),
                fields.WideOrNull("takerBuyVolume"),
                fields.IntegerOrNull("trades") ?? -1,
                fields.Integer("firstId", -1),
                fields.Integer("lastId", -1),
                fields.Choice("state", ("forming", CandleState.Forming), ("final", CandleState.Final), ("revised", CandleState.Revised)),
                fields.Small("revision"),
                fields.Flag("complete"),
                fields.Small("updates"),
                CandleFields.Source(fields),
                ReceivedTime: 0);
            return fields.Integer("closeTime", long.MinValue) == candle.CloseTime && interval.OpenOf(openTime) == openTime
                ? candle
                : throw fields.Wrong("openTime", $"no window of {interval.Name} begins at {openTime}");
        });
    }
}
