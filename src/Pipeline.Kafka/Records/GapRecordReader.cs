using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>Reads values of <c>md.gaps</c>.</summary>
public static class GapRecordReader
{
    /// <param name="instrumentOf">The instrument of a venue, an id and the venue's symbol.</param>
    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static GapRecord Read(ReadOnlyMemory<byte> value, Func<string, string, string, Instrument> instrumentOf)
    {
        ArgumentNullException.ThrowIfNull(instrumentOf);
        return RecordFields.Read(value, "gap", fields =>
        {
            var instrument = instrumentOf(fields.Name("venue"), fields.Name("instrument"), fields.Name("symbol"));
            return new GapRecord(GapFields.Read(fields, instrument), fields.IntegerOrNull("tradesOffset"));
        });
    }
}
