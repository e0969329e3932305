using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Repair;

/// <summary>Trades that are missing.</summary>
/// <param name="FromId">Names the hole: the first id that was missing when it was found, or -1 with a time.</param>
/// <param name="Missing">What is missing still, rising; where ids say nothing of holes it is empty and the times tell.</param>
/// <param name="FromTime">Event time of the last trade before the hole, microseconds; 0 where it is not known.</param>
/// <param name="ToTime">Event time of the first trade behind it, microseconds; 0 where it is not known.</param>
/// <param name="OpenedTime">When it was found, by the market clock: the older goes first, and from it counts the age of giving up.</param>
public sealed record RepairRequest(
    Instrument Instrument,
    long FromId,
    IReadOnlyList<IdRange> Missing,
    long FromTime,
    long ToTime,
    long OpenedTime);
