
namespace Pipeline.Core.Market;

/// <summary>What came of asking for a hole; goes with the trades that were fetched.</summary>
/// <param name="FromId">Names the hole, as in the request.</param>
/// <param name="CoveredTo">
/// The venue's answers are known up to this id: what is missing at or below it and did not come does not exist there. It is below the
/// highest id that the venue showed, since only an id above proves an absence. -1 = nothing is known.
/// </param>
/// <param name="Reason">Of an abandoned hole why, as in <see cref="Gap.Reason"/>; else empty, or what is waited for.</param>
public sealed record RepairAnswer(
    Instrument Instrument,
    long FromId,
    long CoveredTo,
    RepairOutcome Outcome,
    string Reason = "");
