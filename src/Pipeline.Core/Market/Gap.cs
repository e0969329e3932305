namespace Pipeline.Core.Market;

/// <summary>
/// A hole in an instrument's trades, or what became of one; the record of <c>md.gaps</c>. All records of one hole bear its
/// <see cref="FromId"/>, however much of it was filled meanwhile. Times are microseconds since the Unix epoch, UTC.
/// </summary>
/// <param name="FromId">First id that was missing; -1 where ids say nothing of holes and the hole is a time.</param>
/// <param name="ToId">Last id that was missing; -1 with a time.</param>
/// <param name="Missing">What is missing still, rising; empty when nothing is, and where the hole is a time.</param>
/// <param name="Reason">
/// Why it came about (<c>stream</c>, <c>disconnected</c>, <c>restart</c>, <c>overlap</c>, <c>reset</c>), or, of an abandoned one, why it
/// was given up (<c>too-old</c>, <c>rest-refused</c>, <c>too-many</c>, <c>not-repairable</c>).
/// </param>
/// <param name="Series">Number of the venue's count of ids that the hole belongs to; the first is 0.</param>
/// <param name="FromTime">Event time of the last trade before the hole; 0 where it is not known.</param>
/// <param name="ToTime">Event time of the first trade behind it; 0 where it is not known.</param>
/// <param name="OpenedTime">When it was found, by the market clock.</param>
/// <param name="UpdatedTime">When it came into this state, by the market clock.</param>
/// <param name="IsAnnounced">
/// False when the hole was filled while the later trades were held: then no <see cref="GapState.Open"/> record came before this one.
/// </param>
public readonly record struct Gap(
    Instrument Instrument,
    long FromId,
    long ToId,
    GapState State,
    string Reason,
    IReadOnlyList<IdRange> Missing,
    long Series,
    long FromTime,
    long ToTime,
    long OpenedTime,
    long UpdatedTime,
    bool IsAnnounced);
