
namespace Pipeline.Core.Market;

/// <summary>Trades that the venue's candle counts and ours does not.</summary>
/// <param name="Missing">
/// Ids, rising, as the instrument's trades count; empty where the candle does not tell them: then they lie somewhere in the time. Some may
/// be there already, in the window before or behind.
/// </param>
/// <param name="FromTime">First microsecond of the window.</param>
/// <param name="ToTime">First microsecond behind it.</param>
/// <param name="FoundTime">When it was found, by the market clock.</param>
public sealed record AuditRepair(Instrument Instrument, IReadOnlyList<IdRange> Missing, long FromTime, long ToTime, long FoundTime);
