namespace Pipeline.Core.Market;

/// <summary>One field that is not the same. Values are texts as records have them.</summary>
/// <param name="Ours">Null when we have no candle.</param>
/// <param name="Venue">What the venue says now.</param>
/// <param name="Before">What the side that has changed its word said first: the venue, or with a late trade we; null = nobody has.</param>
public sealed record AuditDifference(AuditField Field, string? Ours, string Venue, string? Before = null);
