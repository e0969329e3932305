namespace Pipeline.Core.Market;

/// <summary>Price at which a venue values positions; <paramref name="Index"/> null = not said. Times are microseconds, UTC.</summary>
public readonly record struct MarkPrice(Instrument Instrument, Number Mark, Number? Index, long EventTime, long ReceivedTime);
