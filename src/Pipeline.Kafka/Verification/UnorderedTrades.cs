namespace Pipeline.Kafka.Verification;

/// <summary>Trades of an instrument whose ids say nothing of holes: only the venue can tell what is missing. Times are microseconds.</summary>
/// <param name="Instrument"><c>venue:instrument</c>.</param>
/// <param name="FirstTime">Event time of the first trade read.</param>
/// <param name="LastTime">Greatest event time read.</param>
/// <param name="Excused">Times of which the ledger says that trades are given up or still asked for, and those that were deleted before they were read.</param>
public sealed record UnorderedTrades(string Instrument, long FirstTime, long LastTime, IReadOnlyList<(long From, long To)> Excused);
