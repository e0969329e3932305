namespace Pipeline.Gateway.Streams;

/// <summary>What a collector says of one of its venues.</summary>
/// <param name="Key"><c>collector:venue</c>.</param>
/// <param name="Time">Production of the record, microseconds since the Unix epoch.</param>
/// <param name="Json">The record.</param>
internal sealed record StatusRow(string Key, long Time, ReadOnlyMemory<byte> Json);
