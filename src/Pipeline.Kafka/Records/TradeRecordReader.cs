using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>Reads values of <c>md.trades</c>.</summary>
public static class TradeRecordReader
{
    /// <param name="instrumentOf">The instrument of a venue, an id and the venue's symbol.</param>
    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static Trade Read(ReadOnlyMemory<byte> value, Func<string, string, string, Instrument> instrumentOf)
    {
        ArgumentNullException.ThrowIfNull(instrumentOf);
        return RecordFields.Read(value, "trade", fields =>
        {
            var instrument = instrumentOf(fields.Name("venue"), fields.Name("instrument"), fields.Name("symbol"));
            var id = fields.Integer("id");
            var firstId = fields.IntegerIfThere("firstId") ?? id;
            var fills = fields.IntegerIfThere("fills") ?? id - firstId + 1;
            return firstId > id || fills > int.MaxValue
                ? throw fields.Wrong("firstId", $"{firstId} to {id} is no range")
                : new Trade(
                    instrument,
                    id,
                    firstId,
                    fields.Decimal("price"),
                    fields.Decimal("quantity"),
                    fields.Choice("side", ("buy", AggressorSide.Buy), ("sell", AggressorSide.Sell), ("unknown", AggressorSide.Unknown)),
                    (int)fills,
                    TradeKind.Market,
                    fields.Integer("eventTime"),
                    fields.Integer("receivedTime"),
                    fields.Choice("source", ("live", TradeSource.Live), ("repair", TradeSource.Repair), ("replay", TradeSource.Replay)),
                    AfterGap: false);
        });
    }
}
