namespace Pipeline.Kafka.Records;

/// <summary>
/// A value is not the record it should be: wrong in any point, it is refused as a whole, since whoever reads it goes on from it. The
/// message names the kind of record, the property and what was wrong with it.
/// </summary>
public sealed class RecordFormatException(string message, Exception? inner = null) : Exception(message, inner);
