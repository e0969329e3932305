
namespace Pipeline.Core.Market;

/// <summary>
/// What came of comparing one of our candles with the venue's; the record of <c>md.audit</c>. A later finding of the same candle takes the
/// place of an earlier one. Times are microseconds since the Unix epoch, UTC.
/// </summary>
/// <param name="Agrees">Both say the same now: what differed has been put right.</param>
/// <param name="Differences">In the order of <see cref="AuditField"/>; never empty.</param>
/// <param name="Revision">Of our candle; -1 when we have none.</param>
/// <param name="Complete">Whether our candle claims to lack nothing.</param>
/// <param name="FoundTime">When it was found, by the market clock.</param>
public sealed record AuditFinding(
    Instrument Instrument,
    CandleInterval Interval,
    long OpenTime,
    AuditCause Cause,
    bool Agrees,
    IReadOnlyList<AuditDifference> Differences,
    int Revision,
    bool Complete,
    long FoundTime)
{
    public long CloseTime => OpenTime + Interval.Microseconds;

    /// <summary>What is worth asking the venue for; null = nothing, or it was asked for already.</summary>
    public AuditRepair? Lacking { get; init; }
}
