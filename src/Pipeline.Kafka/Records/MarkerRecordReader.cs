namespace Pipeline.Kafka.Records;

/// <summary>Reads values of <c>md.state</c> under the keys <see cref="StateKeys.Marker"/>.</summary>
public static class MarkerRecordReader
{
    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static CheckpointMarker Read(ReadOnlyMemory<byte> value) => RecordFields.Read(value, "marker", fields => new CheckpointMarker(
        fields.Small("partition"),
        fields.IntegerOrNull("tradesOffset"),
        fields.IntegerOrNull("pricesOffset"),
        fields.IntegerOrNull("candlesOffset"),
        fields.IntegerOrNull("gapsOffset"),
        fields.TextOrNull("logId"),
        fields.Integer("epoch"),
        fields.Integer("time")));
}
