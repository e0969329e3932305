using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>Reads values of <c>md.prices</c>; the signature is checked and left out.</summary>
public static class PriceRecordReader
{
    /// <param name="instrumentOf">The instrument of a venue, an id and the venue's symbol.</param>
    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static PriceTick Read(ReadOnlyMemory<byte> value, Func<string, string, string, Instrument> instrumentOf)
    {
        ArgumentNullException.ThrowIfNull(instrumentOf);
        return RecordFields.Read(value, "price", fields =>
        {
            fields.Text("signature");
            return new PriceTick(
                instrumentOf(fields.Name("venue"), fields.Name("instrument"), fields.Name("symbol")),
                fields.Choice(
                    "event",
                    ("BuySellEvent", ProgramEvent.BuySellEvent),
                    ("LongShortEvent", ProgramEvent.LongShortEvent),
                    ("FullCloseEvent", ProgramEvent.FullCloseEvent),
                    ("PartialCloseEvent", ProgramEvent.PartialCloseEvent)),
                fields.Decimal("price"),
                fields.Integer("slot"),
                fields.Small("index"),
                SignatureAt: 0,
                SignatureLength: 0,
                fields.IntegerOrNull("eventTime") ?? 0,
                fields.Integer("receivedTime"));
        });
    }
}
