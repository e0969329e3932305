namespace Pipeline.Gateway.Streams;

/// <summary>A record of a stream that is kept for snapshots and replays.</summary>
/// <param name="Offset">Its <c>seq</c>.</param>
/// <param name="Prev">See <see cref="MarketStream.NoPrev"/>.</param>
/// <param name="Value">Its JSON; empty where only its place is remembered.</param>
internal readonly record struct HeldRecord(long Offset, long Prev, ReadOnlyMemory<byte> Value);
