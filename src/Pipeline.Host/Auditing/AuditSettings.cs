using Pipeline.Core.Market;
using Pipeline.Host.Tailing;

namespace Pipeline.Host.Auditing;

/// <summary>What <c>pipeline audit</c> is to compare.</summary>
/// <param name="Intervals">Null = all.</param>
/// <param name="From">First opening time, microseconds.</param>
/// <param name="To">First opening time that is not compared any more.</param>
/// <param name="Follow">Reads on while others write.</param>
/// <param name="Rest">Asks the venues instead of reading what the collector took of them.</param>
internal sealed record AuditSettings(
    InstrumentFilter Instruments, IReadOnlyList<CandleInterval>? Intervals, long From, long To, bool Follow, bool Rest, bool Json)
{
    public bool Wants(in Candle candle) =>
        candle.State != CandleState.Forming
        && candle.OpenTime >= From
        && candle.OpenTime < To
        && (Intervals?.Contains(candle.Interval) ?? true);
}
