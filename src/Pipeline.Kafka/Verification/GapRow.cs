using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>A record of <c>md.gaps</c>.</summary>
/// <param name="TradesOffset">
/// Of an open one: nothing of the hole lies before it in <c>md.trades</c>; of one that ended: its trades lie before it. -1 = not said.
/// </param>
public sealed record GapRow(
    string Venue,
    string Instrument,
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
    bool IsAnnounced,
    long TradesOffset)
{
    public bool IsOpen => State == GapState.Open;

    /// <summary>True where ids say nothing of holes and the hole is a time.</summary>
    public bool IsTime => FromId < 0;

    public override string ToString() => IsTime ? $"gap of {FromTime} to {ToTime}" : $"gap {FromId}…{ToId}";
}
