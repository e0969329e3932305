using Pipeline.Core.Market;

namespace Pipeline.Gateway.Streams;

/// <summary>One hole as its newest record tells it. Times in microseconds since the Unix epoch.</summary>
/// <param name="Instrument"><c>venue:instrument</c>.</param>
/// <param name="Json">The record.</param>
internal sealed record GapRow(
    string Key,
    string Instrument,
    long FromId,
    long ToId,
    GapState State,
    string Reason,
    long OpenedTime,
    long UpdatedTime,
    ReadOnlyMemory<byte> Json);
