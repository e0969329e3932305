namespace Pipeline.Core.Market;

/// <summary>
/// A price told by an on-chain event. Signature and index tell copies apart, slot and index order them. The signature's bytes lie in
/// the owning batch at <c>[SignatureAt, SignatureAt + SignatureLength)</c>. Times are microseconds, UTC.
/// </summary>
public readonly record struct PriceTick(
    Instrument Instrument,
    ProgramEvent Event,
    Number Price,
    long Slot,
    int Index,
    int SignatureAt,
    int SignatureLength,
    long EventTime,
    long ReceivedTime)
{
    /// <summary>Something may be missing before it.</summary>
    public bool AfterGap { get; init; }
}
